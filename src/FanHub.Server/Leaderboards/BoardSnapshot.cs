namespace FanHub.Server.Leaderboards;

/// <summary>A leaderboard of one moment, in memory: some 10 bytes for each who takes part, and 8 more once somebody has asked for a rank. It does not change.</summary>
internal sealed class BoardSnapshot
{
    private readonly Dictionary<long, byte[]> _pages;
    private readonly Lazy<Task<long[]>> _sortKeys;

    private BoardSnapshot(Dictionary<long, byte[]> pages, long revision)
    {
        (_pages, Revision) = (pages, revision);
        foreach (var page in pages.Values)
        {
            Count += BoardPage.Count(page);
            Checksum = unchecked(Checksum + BoardPage.Tag(page));
        }

        // Sorted once, when somebody asks: thousands who ask at the same time wait for it without keeping a thread each.
        _sortKeys = new Lazy<Task<long[]>>(() => Task.Run(Sort));
    }

    /// <summary>A board that nobody is on.</summary>
    public static BoardSnapshot Empty { get; } = new([], revision: 0);

    /// <summary>The revision of the page that was written last.</summary>
    public long Revision { get; }

    /// <summary>The sum of all pages' tags, modulo 2^32.</summary>
    public uint Checksum { get; }

    /// <summary>How many take part.</summary>
    public long Count { get; }

    /// <summary>The board with other pages in the place of some.</summary>
    /// <param name="written">Those that were written, by number.</param>
    /// <param name="revision">The revision of the last of them.</param>
    public BoardSnapshot With(IReadOnlyDictionary<long, byte[]> written, long revision)
    {
        var pages = new Dictionary<long, byte[]>(_pages);
        foreach (var (number, page) in written)
        {
            pages[number] = page;
        }

        return new BoardSnapshot(pages, revision);
    }

    /// <summary>Where a fan stands; null for who takes no part.</summary>
    public async Task<StandingRow?> FindAsync(long fan)
    {
        if (!_pages.TryGetValue(BoardPage.Of(fan), out var page) || BoardPage.Find(page, fan) is not { } sortKey)
        {
            return null;
        }

        var score = BoardScore.FromSortKey(sortKey);
        return new StandingRow(score.Points, score.TimeMs, Better(await _sortKeys.Value, sortKey) + 1);
    }

    /// <summary>The first of them, in order.</summary>
    public IReadOnlyList<BoardEntry> Top(int count)
    {
        // The worst of the best is on top, and makes room for whoever is better.
        var best = new PriorityQueue<BoardEntry, (long SortKey, long Fan)>(count + 1, Comparer<(long, long)>.Create((a, b) => b.CompareTo(a)));
        foreach (var entry in Entries())
        {
            if (best.Count < count)
            {
                best.Enqueue(entry, (entry.SortKey, entry.Fan));
            }
            else if (best.TryPeek(out _, out var worst) && (entry.SortKey, entry.Fan).CompareTo(worst) < 0)
            {
                best.DequeueEnqueue(entry, (entry.SortKey, entry.Fan));
            }
        }

        return [.. best.UnorderedItems.OrderBy(i => i.Priority).Select(i => i.Element)];
    }

    /// <summary>All of them, in order.</summary>
    public BoardEntry[] Ranking()
    {
        var ranking = Entries().ToArray();
        Array.Sort(ranking, (a, b) => (a.SortKey, a.Fan).CompareTo((b.SortKey, b.Fan)));
        return ranking;
    }

    private IEnumerable<BoardEntry> Entries()
    {
        foreach (var (number, page) in _pages)
        {
            var count = BoardPage.Count(page);
            for (var place = 0; place < count; place++)
            {
                yield return BoardPage.Entry(number, page, place);
            }
        }
    }

    private long[] Sort()
    {
        var sortKeys = new long[Count];
        var next = 0;
        foreach (var entry in Entries())
        {
            sortKeys[next++] = entry.SortKey;
        }

        Array.Sort(sortKeys);
        return sortKeys;
    }

    /// <summary>How many are lower, which is better.</summary>
    private static int Better(long[] sortKeys, long sortKey)
    {
        var (from, to) = (0, sortKeys.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = sortKeys[middle] < sortKey ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
