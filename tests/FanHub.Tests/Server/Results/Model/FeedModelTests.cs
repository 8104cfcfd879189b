using System.Diagnostics;

namespace FanHub.Tests.Server.Results.Model;

public sealed class FeedModelOnSqlite() : FeedModelTests(Sqlite, 30, 3);

public sealed class FeedModelOnPostgres(PostgresFixture postgres) : FeedModelTests(postgres.NewDatabaseAsync, 12, 2);

/// <summary>Sends feeds that were made up to a real host, and compares what fans see at the end with a model that knows nothing of how the host works.</summary>
/// <param name="newDatabase">Where the host stores.</param>
/// <param name="atOnce">How many feeds a host gets: each about a world of its own, all counted in one medal table.</param>
/// <param name="hosts">How many hosts are tried.</param>
public abstract class FeedModelTests(Func<Task<string?>> newDatabase, int atOnce, int hosts) : EditorialTests(newDatabase)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PatienceWhileShrinking = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shrinking = TimeSpan.FromMinutes(1);

    private enum Break
    {
        None,
        SameLog,
        EmptyLog,
    }

    [Fact]
    public async Task Whatever_feeds_send_fans_end_with_what_the_model_says_and_never_see_an_older_version_after_a_newer()
    {
        for (var host = 0; host < hosts; host++)
            await CheckAsync(10_000 + (host * atOnce), Break.None, host == 1 ? TimeSpan.FromMilliseconds(250) : TimeSpan.Zero, host == 2 ? 'T' : 'P');
    }

    [Fact]
    public Task A_host_that_takes_over_in_the_middle_ends_in_the_same_state() => CheckAsync(20_000, Break.SameLog, TimeSpan.FromMilliseconds(100), 'P');

    [Fact]
    public Task A_host_that_finds_its_log_empty_ends_in_the_same_state() => CheckAsync(30_000, Break.EmptyLog, TimeSpan.Zero, 'P');

    private async Task CheckAsync(int seed, Break interruption, TimeSpan minInterval, char flag)
    {
        var feeds = Enumerable.Range(0, atOnce).Select(i => FeedGenerator.Feed(seed + i, i).Select(l => l with { Flag = flag == 'P' ? l.Flag : l.Flag == 'P' ? 'T' : 'P' }).ToList()).ToList();
        // A message of each in turn.
        IReadOnlyList<Letter> letters = [.. Enumerable.Range(0, feeds.Max(f => f.Count)).SelectMany(i => feeds.Where(f => f.Count > i).Select(f => f[i]))];
        var wrong = await RunAsync(letters, Patience);
        if (wrong.Count == 0)
            return;
        var clock = Stopwatch.StartNew();
        // If one feed alone fails too, it is quicker to make small.
        foreach (var feed in feeds.Where(f => wrong.Any(w => w.Contains(f[0].Code[1..3], StringComparison.Ordinal))).Take(3))
        {
            if ((await RunAsync(feed, PatienceWhileShrinking)).Count == 0)
                continue;
            letters = feed;
            break;
        }

        var small = await Shrink.FeedAsync(letters, async f => clock.Elapsed < Shrinking && (await RunAsync(f, PatienceWhileShrinking)).Count > 0);
        Assert.Fail(Shrink.Describe(seed, small, await RunAsync(small, PatienceWhileShrinking)) + "\nand at first\n" + string.Join('\n', wrong.Take(10)));

        async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<Letter> sent, TimeSpan patience)
        {
            await using var run = new HostRun(await NewPlaceAsync(), flag, minInterval);
            await run.StartAsync(sent);
            if (interruption == Break.None)
            {
                await run.SendAsync(sent);
                return await run.DifferencesAsync(sent, patience);
            }

            await run.SendAsync(sent.Take(sent.Count / 2));
            await run.StartAsync(sent, interruption == Break.EmptyLog);
            await run.SendAsync(sent.Skip(sent.Count / 2));
            return await run.DifferencesAsync(sent, patience);
        }
    }
}
