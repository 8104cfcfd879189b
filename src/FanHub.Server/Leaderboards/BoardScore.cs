namespace FanHub.Server.Leaderboards;

/// <summary>
/// A fan's total. Time saved is what was left of each question's limit when the fan answered, so that less answer time is better, and who did not answer saved nothing.
/// </summary>
/// <remarks>
/// Stores hold it as one number (<see cref="SortKey"/>), which a double holds exactly. A total that would leave the limits is refused before anything is stored, for it would
/// be rounded, or run from time into points. Points below zero are held and ranked like any others, though only misuse leads there; time below zero cannot be.
/// </remarks>
/// <param name="Points">-<see cref="MaxPoints"/> to <see cref="MaxPoints"/>.</param>
/// <param name="TimeMs">Milliseconds, 0 to <see cref="MaxTimeMs"/>.</param>
internal readonly record struct BoardScore(long Points, long TimeMs)
{
    /// <summary>The most points, of a change as of a total: 16,777,215.</summary>
    public const long MaxPoints = (1L << 24) - 1;

    /// <summary>The most time saved, of a change as of a total: 536,870,911 ms, some six days.</summary>
    public const long MaxTimeMs = (1L << TimeBits) - 1;

    private const int TimeBits = 29;

    /// <summary>-(points * 2^29 + time): the lower, the better. Negative so that better ones come first in ascending order, and equal ones by fan number, ascending too.</summary>
    public long SortKey => -((Points << TimeBits) + TimeMs);

    /// <summary>Reads <see cref="SortKey"/> back.</summary>
    public static BoardScore FromSortKey(long sortKey) => new(-sortKey >> TimeBits, -sortKey & MaxTimeMs);

    /// <summary>The total after a change.</summary>
    /// <exception cref="ArgumentException">It would leave the limits.</exception>
    public BoardScore Add(Award change)
    {
        var total = new BoardScore(Points + change.Points, TimeMs + change.TimeMs);
        return total.Points is >= -MaxPoints and <= MaxPoints && total.TimeMs is >= 0 and <= MaxTimeMs ? total : throw OutOfLimits(change.Fan);
    }

    /// <summary>What is thrown where a fan's total would leave the limits.</summary>
    public static ArgumentException OutOfLimits(long fan) =>
        new($"The total of fan {fan} would be more than {MaxPoints} points or {MaxTimeMs} ms, or less than can be; nothing of the chunk was applied.", nameof(fan));
}
