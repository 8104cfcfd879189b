namespace FanHub.Server.Leaderboards;

/// <summary>
/// Holds who has how many points, and in which place that puts them.
/// </summary>
/// <remarks>
/// A board is named by what it is of: a quiz's id, or <c>predictions.{channel}</c>. It begins with its first points, and is there until <see cref="RemoveAsync"/>.
/// Order: more points first; with equal points, more time saved first (<see cref="BoardScore"/>); whoever is equal in both shares the rank (1, 2, 2, 4), and is told in the order
/// of fan numbers.
/// Promised by every implementation (one suite of tests runs against all): a chunk of points takes effect once, whoever repeats it and however many send it at the same time; its
/// points and its version change together or not at all. What is told of a board is of one moment, except <see cref="ReadAllAsync"/>.
/// All methods throw <see cref="LeaderboardUnavailableException"/> within a few seconds where the store cannot be reached. Whether a chunk was applied is then unknown: sent again,
/// it is applied, or answered with the version that shows that it was.
/// A store that has lost its memory has lost points and versions alike: what was applied can be applied again, from version 0.
/// </remarks>
internal interface ILeaderboard
{
    /// <summary>
    /// Adds the changes of a chunk, if the version that the board holds of it is the expected one; else changes nothing, and tells which one it holds. A chunk without changes is
    /// noted all the same.
    /// </summary>
    /// <returns>Whether it was applied now, and the version that the board then holds.</returns>
    /// <exception cref="ArgumentException">
    /// <see cref="AwardChanges"/> refuses the chunk, or a fan's total would leave the limits of <see cref="BoardScore"/>; nothing was applied.
    /// </exception>
    Task<AwardOutcome> AwardAsync(string board, AwardChunk chunk, CancellationToken cancellationToken = default);

    /// <summary>The version that the board holds of each chunk of a source; a chunk that is not there is at 0.</summary>
    Task<IReadOnlyDictionary<long, long>> AppliedAsync(string board, string source, CancellationToken cancellationToken = default);

    /// <summary>Where a fan stands, or null for who takes no part.</summary>
    Task<StandingRow?> FindAsync(string board, long fan, CancellationToken cancellationToken = default);

    /// <summary>How many take part.</summary>
    Task<long> CountAsync(string board, CancellationToken cancellationToken = default);

    /// <summary>The first <paramref name="count"/> fans. Of those who share the last place, the lowest fan numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not 0 to <see cref="LeaderboardPages.Size"/>: for more there is <see cref="ReadAllAsync"/>.</exception>
    Task<IReadOnlyList<RankedFan>> TopAsync(string board, int count, CancellationToken cancellationToken = default);

    /// <summary>Everybody, best first, read in pages. Whoever moves meanwhile may be told twice or not at all: exact once no more points come.</summary>
    IAsyncEnumerable<RankedFan> ReadAllAsync(string board, CancellationToken cancellationToken = default);

    /// <summary>A number that grows with each call, from 1: the version to publish the board with next. Begins again after <see cref="RemoveAsync"/>.</summary>
    Task<long> NextVersionAsync(string board, CancellationToken cancellationToken = default);

    /// <summary>Forgets the board: points, versions of chunks, version of publication. Repeating it changes nothing.</summary>
    Task RemoveAsync(string board, CancellationToken cancellationToken = default);
}

/// <summary>What became of a chunk.</summary>
/// <param name="Applied">Whether its changes were added by this call.</param>
/// <param name="Version">The version of it that the board now holds; 0 where it holds none.</param>
internal readonly record struct AwardOutcome(bool Applied, long Version);

/// <summary>Where a fan stands.</summary>
/// <param name="Points">All points.</param>
/// <param name="TimeMs">All time saved, in milliseconds.</param>
/// <param name="Rank">From 1: one more than there are fans who stand better.</param>
internal sealed record StandingRow(long Points, long TimeMs, long Rank);

/// <summary>A fan in the order of the board.</summary>
/// <param name="Rank">From 1; shared by those who are equal.</param>
/// <param name="Fan">The fan's number.</param>
/// <param name="Points">All points.</param>
/// <param name="TimeMs">All time saved, in milliseconds.</param>
internal readonly record struct RankedFan(long Rank, long Fan, long Points, long TimeMs);

/// <summary>The store of leaderboards cannot be reached or did not answer in time.</summary>
internal sealed class LeaderboardUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
