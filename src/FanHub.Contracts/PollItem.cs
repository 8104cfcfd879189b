using System.Text.Json.Serialization;

namespace FanHub.Contracts;

/// <summary>The life of a poll or a prediction as fans see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PublicState>))]
public enum PublicState
{
    /// <summary>Takes ballots.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Sealed: takes no more ballots.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>The result is shown.</summary>
    [JsonStringEnumMemberName("revealed")]
    Revealed,

    /// <summary>A prediction's outcome is known, and points are given.</summary>
    [JsonStringEnumMemberName("settled")]
    Settled,

    /// <summary>A prediction that counts for nothing.</summary>
    [JsonStringEnumMemberName("void")]
    Void,

    /// <summary>Called off; there will be no result.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>Who may see the running count. What may not be seen is not sent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TallyVisibility>))]
public enum TallyVisibility
{
    /// <summary>Everybody, all the time.</summary>
    [JsonStringEnumMemberName("live")]
    Live,

    /// <summary>Fans who voted; everybody once it is revealed.</summary>
    [JsonStringEnumMemberName("after_vote")]
    AfterVote,

    /// <summary>Everybody, once it is closed.</summary>
    [JsonStringEnumMemberName("after_close")]
    AfterClose,

    /// <summary>Nobody outside the editors.</summary>
    [JsonStringEnumMemberName("never")]
    Never,
}

/// <summary>Public state of a poll: the <c>data</c> of <c>poll:{id}</c>.</summary>
public record PollItem
{
    /// <summary>The poll's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where in its life it is.</summary>
    public required PublicState State { get; init; }

    /// <summary>The question, in <see cref="Lang"/>.</summary>
    public required string Title { get; init; }

    /// <summary>The language that the texts are in.</summary>
    public string? Lang { get; init; }

    /// <summary>What can be chosen, in the editor's order.</summary>
    public required IReadOnlyList<PollItemOption> Options { get; init; }

    /// <summary>How many options one ballot may name.</summary>
    public required int MaxChoices { get; init; }

    /// <summary>Whether a fan may replace the ballot until closing.</summary>
    public required bool Changeable { get; init; }

    /// <summary>Who may see the count.</summary>
    public required TallyVisibility Visibility { get; init; }

    /// <summary>When it opened.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it closes, or closed; absent while nobody has said.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video count; absent or 0: not at all.</summary>
    public int? LateWindowMs { get; init; }

    /// <summary>The final count, once everybody may see it.</summary>
    public TallyItem? Tally { get; init; }
}

/// <summary>One option of a poll.</summary>
/// <param name="Id">Its id, unique in the poll.</param>
/// <param name="Label">Its text.</param>
public sealed record PollItemOption(string Id, string Label)
{
    /// <summary>The label's language where it differs from the poll's.</summary>
    public string? Lang { get; init; }
}

/// <summary>A count: the <c>data</c> of <c>tally:{id}</c>.</summary>
public sealed record TallyItem
{
    /// <summary>Id of what is counted.</summary>
    public required string Of { get; init; }

    /// <summary>For each option, how many ballots name it.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>How many ballots there are, however many options each names.</summary>
    public required long Ballots { get; init; }

    /// <summary>Whether the count is sealed: recounted and never to change again.</summary>
    public required bool Final { get; init; }
}
