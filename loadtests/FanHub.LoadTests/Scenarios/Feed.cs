using System.Diagnostics;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Feeds;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>
/// A results feed at a steady rate: many units at the same time, each with a start list, live versions, an official result and medals, all of which is taken away in the end. Every version that
/// was taken in has to reach whoever follows the unit, as itself or in a newer one.
/// </summary>
internal static class Feed
{
    // Start lists and withdrawals are not what is measured, and not what a server that just started should begin with all at once.
    private const double QuietRate = 100;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>What is missing to run it; null where nothing is.</summary>
    public static string? Missing(LoadOptions options) =>
        options.Feed.Key.Length == 0 ? "The feed's key is missing: give --feed-key, or set FANHUB_FEED_KEY; the server has it from FanHub__Odf__ApiKey."
        : options.Feed.Messages > FeedLoad.MaxMessages ? FormattableString.Invariant($"{options.Feed.Messages:N0} messages are too many: {FeedLoad.MaxMessages:N0} is the most that --rate and --seconds may make.")
        : null;

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Feed;
        using var servers = Cost.OfServers(options, load.Nodes);
        using var redis = Cost.Of(options.RedisPid is { } pid ? [pid] : []);
        var run = Guid.NewGuid().ToString("N")[..8].ToUpperInvariant();
        var script = await stages.DuringAsync("write messages", Task.Run(() => FeedScript.Write(load, run, TimeProvider.System.GetUtcNow()), cancellationToken));
        var delays = new FeedDelays();
        var books = Books(script, delays);
        var audience = new FeedAudience(script, books, load.Followers);
        using var sender = new FeedSender(load);
        await using var crowd = new Crowd(options.Nodes, load.Followers);
        var refused = new List<string>();

        await SendQuietlyAsync("start lists", script.StartLists);
        await audience.GatherAsync(crowd, options.Nodes[0], stages.Begin($"connect and follow on {options.Nodes.Count} node(s)", audience.Watches.Count()), cancellationToken);
        await audience.WaitAsync(() => books.All(b => b.Covered == FeedPlan.StartList), Silence, cancellationToken);
        var medalsBefore = audience.Medals;

        var busyBefore = LoadAverage.Now;
        var measured = script.Results.Count(p => p.Step.Due >= FeedLoad.WarmUpSeconds);
        var expense = new FeedExpense(servers, redis);
        var watching = expense.WatchAsync(TimeSpan.FromSeconds(FeedLoad.WarmUpSeconds), TimeSpan.FromSeconds(load.Seconds), cancellationToken);
        var sent = stages.Begin("send", script.Results.Count);
        var clock = Stopwatch.StartNew();
        refused.AddRange(await sender.SendAsync(
            script.Results, i => script.Results[i].Step.Due, i => script.Results[i].Step.Due >= FeedLoad.WarmUpSeconds, Begins, post =>
            {
                Taken(post);
                sent();
            }, cancellationToken));
        var sending = clock.Elapsed - TimeSpan.FromSeconds(FeedLoad.WarmUpSeconds);
        await stages.DuringAsync("hear the last", audience.WaitAsync(() => books.All(b => b.Covered >= b.Highest), Silence, cancellationToken));
        await watching;
        var costs = expense.ForMessages(measured);
        var differing = audience.Differing((unit, watch, key) => watch.Holds(key) && watch.VersionOf(key) == books[unit.Number].Highest);

        await SendQuietlyAsync("medals", script.Medals);
        var medallists = script.Medals[0].Step.Version;
        await audience.WaitAsync(() => audience.MedallistsHeld(medallists) == script.Units.Count && audience.Medals == medalsBefore + MedalsOf(script), Silence, cancellationToken);
        var (held, medals) = (audience.MedallistsHeld(medallists), audience.Medals - medalsBefore);

        await SendQuietlyAsync("take away", script.Withdrawals);
        await audience.WaitAsync(() => audience.Medals == medalsBefore && StillThere() == 0, Silence, cancellationToken);
        var (left, medalsLeft) = (StillThere(), audience.Medals - medalsBefore);
        var lost = crowd.Fans.Where(f => f.Lost is not null).Select(f => f.Lost!).ToList();
        await crowd.LeaveAsync(stages.Begin("leave", load.Followers));

        var changes = books.Select(b => b.StatusChanges()).ToList();
        List<Check> checks =
        [
            new("Every message was taken in.", refused.Count == 0, refused.Count == 0 ? FormattableString.Invariant($"{script.Results.Count:N0}") : FormattableString.Invariant($"{refused.Count:N0} were not, the first one: {refused[0]}")),
            Check.Equal("Every version that was taken in reached the unit's follower, as itself or in a newer one: units that end below.", 0, books.Count(b => b.Covered != b.Highest)),
            Check.Equal("Followers hold the highest version that was taken in: units and their sports that differ.", 0, differing),
            Check.Equal("No older version after a newer one.", 0, audience.Watches.Sum(w => (long)w.Older)),
            Check.Equal("No hole: places in logs that were passed over.", 0, audience.Watches.Sum(w => w.Holes)),
            Check.Equal("No double: places in logs that came twice.", 0, audience.Watches.Sum(w => (long)w.Doubles)),
            Check.Equal("Nothing that was not sent.", 0, audience.Watches.Sum(w => (long)w.Strange) + books.Sum(b => (long)b.Strange)),
            Check.Equal("Every change of status was an update of its own.", changes.Sum(c => (long)c.Of), changes.Sum(c => (long)c.Delivered)),
            Check.Equal("The medallists of every event were shown.", script.Units.Count, held),
            Check.Equal("The medal table counted them.", MedalsOf(script), medals),
            Check.Equal("Everything was taken away in the end: results, and medals, that are left.", 0, left + medalsLeft),
            Check.Equal("No notices (slow, stale, resync).", 0, audience.Notices),
            new("No connection was lost.", lost.Count == 0, lost.Count == 0 ? "0" : FormattableString.Invariant($"{lost.Count:N0}, the first one: {lost[0]}")),
            .. Targets(load, delays),
        ];
        List<Metric> metrics =
        [
            new("units at the same time", script.Units.Count, FormattableString.Invariant($"of {load.Organisations} organisations each, with {script.Units.Average(u => u.Entrants.Count):0} entries")),
            new("bytes of a message", script.Results.Average(p => p.Bytes), FormattableString.Invariant($"bytes, {script.Results.Average(p => p.Body.Length):N0} as sent")),
            new("messages taken in", measured / sending.TotalSeconds, FormattableString.Invariant($"per s, of {load.Rate} asked for; {measured:N0} were measured, {sender.Resent:N0} sent again")),
            .. Percentiles("request began later than it was due", sender.Late),
            .. Percentiles("answer to the feed", sender.Answers),
            new("versions delivered as themselves", 100.0 * delays.Delivered.Count / Math.Max(1, delays.All.Count), FormattableString.Invariant($"%, {delays.Delivered.Count:N0} of {delays.All.Count:N0}; the others in a newer one")),
            .. Percentiles("feed to fan, versions that were delivered", delays.Delivered),
            .. Percentiles("feed to fan, all versions", delays.All),
            new("updates heard, on all channels that were followed", audience.Heard, FormattableString.Invariant($"by {load.Followers} connections")),
            .. costs,
            new("load average of the machine, before", busyBefore, "(1 minute)"),
            new("load average of the machine, after", LoadAverage.Now, "(1 minute)"),
        ];
        return new ScenarioResult("feed", checks, metrics);

        void Begins(FeedPost post)
        {
            if (post.Document == FeedDocument.Result)
            {
                books[post.Step.Unit].Sending(post.Step.Version);
            }
        }

        void Taken(FeedPost post)
        {
            if (post.Document == FeedDocument.Result)
            {
                books[post.Step.Unit].Acknowledged(post.Step.Version);
            }
        }

        async Task SendQuietlyAsync(string what, IReadOnlyList<FeedPost> posts)
        {
            var step = stages.Begin(what, posts.Count);
            refused.AddRange(await sender.SendAsync(posts, i => i / QuietRate, _ => false, Begins, post =>
            {
                Taken(post);
                step();
            }, cancellationToken));
        }

        int StillThere() => audience.Differing((_, watch, key) => !watch.Holds(key));
    }

    private static int MedalsOf(FeedScript script) => script.Units.Sum(u => Math.Min(FeedStatus.Medals.Count, u.Entrants.Count));

    private static List<VersionBook> Books(FeedScript script, FeedDelays delays) =>
    [
        .. script.Results.GroupBy(p => p.Step.Unit).OrderBy(g => g.Key).Select(versions =>
        {
            var steps = versions.OrderBy(v => v.Step.Version).Select(v => v.Step).ToList();
            var measured = steps.Where(s => s.Due >= FeedLoad.WarmUpSeconds).Select(s => s.Version).DefaultIfEmpty(int.MaxValue).Min();
            return new VersionBook([FeedStatus.StartList, .. steps.Select(s => s.Status)], measured, delays);
        }),
    ];

    private static IEnumerable<Metric> Percentiles(string what, Histogram times) =>
    [
        new($"{what}, p50", times.PercentileMs(50), "ms"),
        new($"{what}, p90", times.PercentileMs(90), "ms"),
        new($"{what}, p99", times.PercentileMs(99), "ms"),
        new($"{what}, max", times.MaxMs, "ms"),
    ];

    private static IEnumerable<Check> Targets(FeedLoad load, FeedDelays delays)
    {
        if (load.TargetP50 is { } median)
        {
            yield return new("Feed to fan within the target, p50.", delays.All.PercentileMs(50) <= median, FormattableString.Invariant($"{delays.All.PercentileMs(50):0.#} ms, of {median} allowed"));
        }

        if (load.TargetP99 is { } most)
        {
            yield return new("Feed to fan within the target, p99.", delays.All.PercentileMs(99) <= most, FormattableString.Invariant($"{delays.All.PercentileMs(99):0.#} ms, of {most} allowed"));
        }
    }
}
