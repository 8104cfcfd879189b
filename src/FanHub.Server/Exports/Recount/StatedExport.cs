namespace FanHub.Server.Exports.Recount;

/// <summary>What an export says of itself at its beginning.</summary>
internal sealed record StatedExport
{
    /// <summary><c>poll</c>, <c>prediction</c>, <c>quiz</c> or <c>leaderboard</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>What was asked; null where it is not said.</summary>
    public string? Title { get; init; }

    /// <summary>Where in its life it was.</summary>
    public string? State { get; init; }

    /// <summary>When the export was made.</summary>
    public string? ExportedAt { get; init; }

    /// <summary>What a prediction's correct outcomes earn each.</summary>
    public long Points { get; init; }

    /// <summary>How a prediction ended, decision by decision; ids of what was correct, none where it is void.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Settlements { get; init; } = [];

    /// <summary><c>speed</c>, <c>accuracy</c> or <c>floor</c>; null for what is no quiz.</summary>
    public string? Scoring { get; init; }

    /// <summary>What each correct answer in a row after the first adds.</summary>
    public long StreakBonus { get; init; }
}

/// <summary>What an export says of one count.</summary>
internal sealed record StatedQuestion
{
    /// <summary>Its id in a quiz; empty elsewhere.</summary>
    public required string Id { get; init; }

    /// <summary>The ballot box.</summary>
    public required string Box { get; init; }

    /// <summary>Ids of the options, in order.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>How many options a ballot may name.</summary>
    public required long MaxChoices { get; init; }

    /// <summary>How far a quiz's question had come.</summary>
    public string? State { get; init; }

    /// <summary>Ids of the correct options of a quiz's question.</summary>
    public IReadOnlyList<string> Correct { get; init; } = [];

    /// <summary>What a correct answer earns at most.</summary>
    public long Points { get; init; }

    /// <summary>The time limit.</summary>
    public long Seconds { get; init; }

    /// <summary>The certified count.</summary>
    public required StatedResult Result { get; init; }
}

/// <summary>A certified count as the export states it.</summary>
/// <param name="Counts">For each option, in order, how many ballots name it.</param>
/// <param name="Ballots">How many ballots there were.</param>
/// <param name="Changed">How many ballots replaced an earlier one.</param>
/// <param name="Repeated">How many were resends.</param>
/// <param name="Late">How many came too late.</param>
/// <param name="Refused">How many were refused.</param>
/// <param name="OpenedAt">When it opened.</param>
/// <param name="ClosedAt">When it closed.</param>
/// <param name="Digest">The digest, in hexadecimal.</param>
internal sealed record StatedResult(
    IReadOnlyList<long> Counts, long Ballots, long Changed, long Repeated, long Late, long Refused, DateTimeOffset OpenedAt, DateTimeOffset ClosedAt, string Digest);

/// <summary>A ballot as the export states it.</summary>
/// <param name="Fan">Who cast it.</param>
/// <param name="Choices">What it names.</param>
/// <param name="ElapsedMs">When it came, in ms after the opening.</param>
/// <param name="CreditMs">How much of that is the delay of the fan's video.</param>
/// <param name="Receipt">SHA-256 of its receipt, in hexadecimal.</param>
/// <param name="Points">What it earned; null where that is not said.</param>
internal readonly record struct StatedBallot(UInt128 Fan, IReadOnlyList<string> Choices, long ElapsedMs, long CreditMs, string Receipt, long? Points);

/// <summary>A place on the leaderboard as the export states it.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Fan">Whose it is.</param>
/// <param name="Score">Points.</param>
/// <param name="SavedMs">Time saved.</param>
internal readonly record struct StatedPlace(long Rank, UInt128 Fan, long Score, long SavedMs);

/// <summary>The file is no whole export.</summary>
internal sealed class UnreadableExportException(string message) : Exception(message);
