using System.Text.Json.Serialization;

namespace FanHub.Contracts;

/// <summary>Argument of <c>Vote</c>.</summary>
public sealed record VoteRequest
{
    /// <summary>The poll's id.</summary>
    public required string Interaction { get; init; }

    /// <summary>Ids of the options chosen: at least one, no repeats.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>Made up by the client, once per intended ballot, 1 to 64 characters; a resend carries the same one and gets the same receipt.</summary>
    public required string Submission { get; init; }
}

/// <summary>What became of a ballot that was recorded.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BallotStatus>))]
public enum BallotStatus
{
    /// <summary>The fan's first ballot: the count grew by one.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>It replaced the fan's earlier ballot: the count moved.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>This very submission had been recorded before: nothing changed.</summary>
    [JsonStringEnumMemberName("repeated")]
    Repeated,
}

/// <summary>Result of <c>Vote</c>. Whoever holds one is in the count.</summary>
/// <param name="Receipt">Proof of what was recorded; opaque; the same for every resend.</param>
/// <param name="Status">What became of the ballot.</param>
/// <param name="At">When the server received it.</param>
public sealed record BallotReply(string Receipt, BallotStatus Status, DateTimeOffset At);

/// <summary>One of the fan's own ballots, as <c>Mine</c> tells them.</summary>
/// <param name="Interaction">The poll's id.</param>
/// <param name="Choices">Ids of the options chosen.</param>
/// <param name="Receipt">The ballot's receipt.</param>
/// <param name="At">When the server received it.</param>
public sealed record OwnBallot(string Interaction, IReadOnlyList<string> Choices, string Receipt, DateTimeOffset At)
{
    /// <summary>The question, where the interaction has several.</summary>
    public string? Question { get; init; }
}

/// <summary>Answer of <c>POST /api/v1/fans/session</c>.</summary>
/// <param name="Token">To be sent as bearer; never to be shared.</param>
/// <param name="Fan">The fan's id.</param>
/// <param name="ExpiresAt">When the token stops working; presenting it before or soon after then gets another one for the same fan.</param>
public sealed record FanSession(string Token, string Fan, DateTimeOffset ExpiresAt);
