using System.Diagnostics;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>Many more feeds than <see cref="FeedModelTests"/> has time for, given to the desk itself.</summary>
public sealed class DeskModelTests
{
    private const int Seeds = 4000;

    // On a machine that is busy with something else there are fewer of them.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Whatever_a_feed_sends_in_whatever_order_the_desk_ends_where_the_model_does()
    {
        var clock = Stopwatch.StartNew();
        for (var seed = 1; seed <= Seeds && clock.Elapsed < Limit; seed++)
        {
            var feed = FeedGenerator.Feed(seed);
            int? restart = seed % 3 == 0 ? seed % Math.Max(1, feed.Count) : null;
            if (DeskRun.Check(feed, restart) is { Count: > 0 })
            {
                var small = await Shrink.FeedAsync(feed, f => Task.FromResult(DeskRun.Check(f, restart).Count > 0));
                Assert.Fail(Shrink.Describe(seed, small, DeskRun.Check(small, restart)));
            }
        }
    }
}
