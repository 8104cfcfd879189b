using System.Runtime.CompilerServices;

namespace FanHub.Server.Leaderboards;

/// <summary>A board read piece by piece, each fan with the rank.</summary>
internal static class LeaderboardPages
{
    /// <summary>The most entries of one read.</summary>
    public const int Size = 5000;

    /// <summary>The first <paramref name="count"/>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="read">Reads as many entries, in order, from the beginning.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not 0 to <see cref="Size"/>.</exception>
    public static async Task<IReadOnlyList<RankedFan>> TopAsync(int count, Func<int, Task<IReadOnlyList<BoardEntry>>> read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Size);
        if (count == 0)
        {
            return [];
        }

        var ranks = default(Ranks);
        return (await read(count)).Select(entry => ranks.Next(entry)).ToArray();
    }

    /// <summary>All.</summary>
    /// <param name="read">Reads a page, in order: what comes after that many entries, the last of which is given (null at the beginning).</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<RankedFan> AllAsync(
        Func<long, BoardEntry?, Task<IReadOnlyList<BoardEntry>>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ranks = default(Ranks);
        BoardEntry? last = null;
        for (var from = 0L; ; from += Size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await read(from, last);
            foreach (var entry in page)
            {
                yield return ranks.Next(entry);
            }

            if (page.Count < Size)
            {
                yield break;
            }

            last = page[^1];
        }
    }

    // Who is equal to the one before shares the rank; who is not has as many before as were told.
    private struct Ranks
    {
        private long _told;
        private long _rank;
        private long _sortKey;

        public RankedFan Next(BoardEntry entry)
        {
            _told++;
            if (_told == 1 || entry.SortKey != _sortKey)
            {
                _rank = _told;
                _sortKey = entry.SortKey;
            }

            var score = BoardScore.FromSortKey(entry.SortKey);
            return new RankedFan(_rank, entry.Fan, score.Points, score.TimeMs);
        }
    }
}

/// <summary>An entry as stores hold it.</summary>
/// <param name="Fan">The fan's number.</param>
/// <param name="SortKey">The total (<see cref="BoardScore.SortKey"/>).</param>
internal readonly record struct BoardEntry(long Fan, long SortKey);
