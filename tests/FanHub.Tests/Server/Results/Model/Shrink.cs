namespace FanHub.Tests.Server.Results.Model;

/// <summary>Makes a feed that fails small enough to be understood.</summary>
internal static class Shrink
{
    /// <summary>Drops messages, many at once and then one by one, while it still fails.</summary>
    /// <param name="feed">A feed that fails.</param>
    /// <param name="fails">Whether a feed fails.</param>
    public static async Task<IReadOnlyList<Letter>> FeedAsync(IReadOnlyList<Letter> feed, Func<IReadOnlyList<Letter>, Task<bool>> fails)
    {
        for (var piece = Math.Max(1, feed.Count / 2); ; piece /= 2)
        {
            for (var from = 0; from < feed.Count;)
            {
                IReadOnlyList<Letter> without = [.. feed.Take(from), .. feed.Skip(from + piece)];
                if (await fails(without))
                    feed = without;
                else
                    from += piece;
            }

            if (piece <= 1)
                return feed;
        }
    }

    /// <summary>What to tell of it.</summary>
    public static string Describe(int seed, IReadOnlyList<Letter> feed, IEnumerable<string> wrong) =>
        $"Seed {seed}. The smallest feed that fails:\n{string.Join('\n', feed.Select(l => $"  {l}"))}\n{string.Join('\n', wrong)}\nas XML:\n{string.Join('\n', feed.Select(l => System.Text.Encoding.UTF8.GetString(FeedXml.Write(l))))}";
}
