using System.Text.Json.Serialization;
using FanHub.Server.Questions;

namespace FanHub.Server.Exports;

/// <summary>What is to be exported: certified counts with their ballots, a leaderboard, or both. <c>docs/recount.md</c> has the two formats.</summary>
internal sealed record Export
{
    /// <summary>The name of the format, with its version.</summary>
    public const string Format = "fanhub-export-v1";

    /// <summary>What it is an export of.</summary>
    public required ExportHead Head { get; init; }

    /// <summary>The language of texts where there is room for one only.</summary>
    public required string Locale { get; init; }

    /// <summary>The counts, in the order that they were taken: one, but for a quiz.</summary>
    public IReadOnlyList<ExportedRound> Rounds { get; init; } = [];

    /// <summary>The leaderboard that belongs to it; null where there is none.</summary>
    public string? Board { get; init; }

    /// <summary>Whether the leaderboard says what fans are called. Not beside ballots: they are to be shown to anybody, and names would say whose they are.</summary>
    public bool Names { get; init; }
}

/// <summary>The beginning of an export, as its members are called in the file. What a kind does not have is absent.</summary>
internal sealed record ExportHead
{
    /// <inheritdoc cref="Export.Format" />
    public string Format { get; } = Export.Format;

    /// <summary><c>poll</c>, <c>prediction</c>, <c>quiz</c> or <c>leaderboard</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The id of what was asked, or the leaderboard's name.</summary>
    public required string Id { get; init; }

    /// <summary>The channel that it appeared in.</summary>
    public required string Channel { get; init; }

    /// <summary>What was asked, or what the quiz is called, by language.</summary>
    public IReadOnlyDictionary<string, string>? Title { get; init; }

    /// <summary>Where in its life it is.</summary>
    public string? State { get; init; }

    /// <summary>When the export was made.</summary>
    public required DateTimeOffset ExportedAt { get; init; }

    /// <summary>Who might see the count, and when.</summary>
    public string? Visibility { get; init; }

    /// <summary>Whether ballots could be replaced.</summary>
    public bool? Changeable { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video counted.</summary>
    public int? LateWindowMs { get; init; }

    /// <summary>What each correct outcome that a ballot names earns.</summary>
    public int? Points { get; init; }

    /// <summary>How a prediction ended, decision by decision; the last one counts.</summary>
    public IReadOnlyList<ExportedSettlement>? Settlements { get; init; }

    /// <summary>How correct answers earn points.</summary>
    public string? Scoring { get; init; }

    /// <summary>What each correct answer in a row after the first adds.</summary>
    public int? StreakBonus { get; init; }
}

/// <summary>A decision on how a prediction ended. Who made it is nobody's business outside.</summary>
/// <param name="Number">1, 2, 3…</param>
/// <param name="Correct">Ids of the correct outcomes.</param>
/// <param name="Void">Whether it counts for nothing.</param>
/// <param name="At">When it was made.</param>
internal sealed record ExportedSettlement(int Number, IReadOnlyList<string> Correct, bool Void, DateTimeOffset At);

/// <summary>One certified count, as its members are called in the file; its ballots follow.</summary>
internal sealed record ExportedRound
{
    /// <summary>The box with its ballots; always given, though what is left out of a file cannot be declared as required.</summary>
    [JsonIgnore]
    public Round Round { get; init; } = null!;

    /// <summary>What a ballot with these choices earned; null where that is not said with the ballot.</summary>
    [JsonIgnore]
    public Func<ulong, long>? Earned { get; init; }

    /// <summary>The question's id in its quiz; null where there is only one.</summary>
    public string? Id { get; init; }

    /// <summary>The ballot box's id, as it is in the digest.</summary>
    public string Box => Round.Id;

    /// <summary>What is asked in a quiz, by language.</summary>
    public IReadOnlyDictionary<string, string>? Text { get; init; }

    /// <summary>How far a quiz's question has come: only what is <c>revealed</c> earns points.</summary>
    public string? State { get; init; }

    /// <summary>What could be chosen, in order.</summary>
    public required IReadOnlyList<QuestionOption> Options { get; init; }

    /// <summary>How many options a ballot may name.</summary>
    public int MaxChoices => Round.MaxChoices;

    /// <summary>Ids of the correct options.</summary>
    public IReadOnlyList<string>? Correct { get; init; }

    /// <summary>What a correct answer earns at most.</summary>
    public int? Points { get; init; }

    /// <summary>The time limit.</summary>
    public int? Seconds { get; init; }

    /// <summary>The certified count.</summary>
    public required CertifiedResult Result { get; init; }
}

/// <summary>A ballot as a line of an export.</summary>
/// <param name="Fan">Who cast it (<see cref="SaltedFans"/>).</param>
/// <param name="Choices">The options chosen, option 0 in the lowest bit.</param>
/// <param name="ElapsedMs">When it came, in ms after the opening.</param>
/// <param name="CreditMs">How much of that the delay of the fan's video accounts for.</param>
/// <param name="Receipt">SHA-256 of its receipt, in lower-case hexadecimal.</param>
/// <param name="Earned">What it earned, where that is said.</param>
internal readonly record struct ExportedBallot(UInt128 Fan, ulong Choices, long ElapsedMs, long CreditMs, string Receipt, long? Earned);

/// <summary>A place on a leaderboard as a line of an export.</summary>
/// <param name="Rank">From 1; shared by those who are level.</param>
/// <param name="Fan">Whose it is (<see cref="SaltedFans"/>).</param>
/// <param name="Name">What the fan is called, where that is said.</param>
/// <param name="Score">All points.</param>
/// <param name="SavedMs">All time saved.</param>
internal readonly record struct ExportedPlace(long Rank, UInt128 Fan, string? Name, long Score, long SavedMs);
