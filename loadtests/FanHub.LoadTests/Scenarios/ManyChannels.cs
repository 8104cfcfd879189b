using System.Diagnostics;
using System.Globalization;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Scenarios;

/// <summary>The same connections, spread over one channel, ten, a hundred, a thousand: what a delivery costs must not depend on it.</summary>
internal static class ManyChannels
{
    // What a publisher can do at all, and leave the machine to those who deliver.
    private const double MostThroughApi = 40;
    private const double MostIntoLog = 2_000;
    // Below, what publishing costs hides what delivering does; most of all where the same process publishes.
    private const double LeastPerChannelThroughApi = 1;
    private const double LeastPerChannelIntoLog = 0.25;
    private const double WarmUpRate = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Rush;
        await using var publishers = await Publishers.ChooseAsync(options, load.Bytes);
        var (most, least) = publishers.IsApart ? (MostIntoLog, LeastPerChannelIntoLog) : (MostThroughApi, LeastPerChannelThroughApi);
        var (possible, left) = (load.Channels.Where(c => c <= load.Connections && most / c >= least).ToList(), new List<string>());
        foreach (var channels in load.Channels.Except(possible))
        {
            left.Add(FormattableString.Invariant($"{channels:N0} channels are left out: {load.Connections:N0} connections and {most:N0} updates a second are too few for them."));
        }

        var sessions = await FollowerCrowd.StartSessionsAsync(options, stages, load.Connections, cancellationToken);
        var rows = new List<Row>();
        foreach (var channels in possible)
        {
            // A server that has just started compiles: the first row comes twice.
            for (var i = rows.Count == 0 ? 0 : 1; i < 2; i++)
            {
                var row = await MeasureAsync(channels);
                rows = [.. rows.Where(r => r.Channels != channels), row];
            }
        }

        if (!publishers.IsApart)
        {
            // At the end, when all of it has been compiled.
            var quiet = await stages.DuringAsync("publish to nobody", QuietPublishing.MeasureAsync(publishers.Chosen, options.FanPids, most, cancellationToken));
            rows = [.. rows.Select(r => r with { Cpu = r.Cpu - (quiet * r.Updates) })];
        }

        var first = rows.FirstOrDefault();
        var table = new ResultTable(
            "The same connections over more and more channels",
            ["channels", "updates per s", "deliveries per s", "us of CPU per delivery", "times that of the first", "us per update more", "p50 ms", "p99 ms"],
            [.. rows.Select(r => (IReadOnlyList<string>)[
                Number(r.Channels), Number(r.Updates / r.Seconds), Number(r.Deliveries / r.Seconds), Number(r.Microseconds), Number(r.Microseconds / first!.Microseconds),
                Number((r.Microseconds - first.Microseconds) * r.Deliveries / Math.Max(1, r.Updates)), Number(r.P50), Number(r.P99),
            ])]);
        return new ScenarioResult(
            "many-channels",
            [.. rows.SelectMany(r => r.Checks.Select(c => c with { Name = FormattableString.Invariant($"{r.Channels:N0} channels: {c.Name}") }))],
            [new("connections", load.Connections, FormattableString.Invariant($"on {options.Nodes.Count} node(s), published {publishers.Chosen.Way}")), new("load average at the end", LoadAverage.Now, "")])
        { Tables = [table], Notes = left };

        async Task<Row> MeasureAsync(int channels)
        {
            var rate = Math.Min(load.Rate * channels, most);
            var (warmUp, measured) = (Math.Max(channels, (int)(Math.Max(rate, WarmUpRate) * load.WarmUpSeconds)), Math.Max(1, (int)(rate * load.Seconds)));
            var logs = new List<PublishedLog>();
            var opened = stages.Begin(FormattableString.Invariant($"make {channels:N0} channels"), channels);
            for (var i = 0; i < channels; i++)
            {
                logs.Add(await publishers.Chosen.OpenAsync("many-channels", ((warmUp + measured) / channels) + 2, cancellationToken));
                opened();
            }

            var fans = FollowerCrowd.Make(sessions, i => logs[i % channels]);
            await using var crowd = new LeanCrowd(load.Connections);
            await crowd.GatherAsync(fans.Members, stages.Begin(FormattableString.Invariant($"connect and follow, {channels:N0} channels"), load.Connections), cancellationToken);
            using var cost = Cost.Of(options.FanPids);
            var next = 0;
            await PublishAsync(warmUp, Math.Max(rate, WarmUpRate));
            fans.Arrivals.MeasureAnew();
            var (before, cpu, clock) = (fans.Arrivals.Count, cost.Cpu, Stopwatch.StartNew());
            await PublishAsync(measured, rate);
            var (spent, elapsed, deliveries) = (cost.Cpu - cpu, clock.Elapsed, fans.Arrivals.Count - before);
            await crowd.LeaveAsync();
            return new Row(channels, measured, deliveries, elapsed.TotalSeconds, spent, fans.Arrivals.Delays.PercentileMs(50), fans.Arrivals.Delays.PercentileMs(99),
                FollowChecks.Make([.. fans.Members.Select(m => m.Follower)], Expected(), crowd.Lost));

            long Expected() => logs.Select((log, i) => (long)log.Count * ((load.Connections / channels) + (i < load.Connections % channels ? 1 : 0))).Sum();

            async Task PublishAsync(int updates, double perSecond)
            {
                await Rate.RunAsync(updates, perSecond, _ => publishers.Chosen.PublishAsync(logs[next++ % channels], cancellationToken), cancellationToken);
                await fans.Arrivals.WaitAsync(Expected(), Silence, cancellationToken);
            }
        }
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 && value != Math.Floor(value) ? "0.0#" : "N0", CultureInfo.InvariantCulture);

    private sealed record Row(int Channels, int Updates, long Deliveries, double Seconds, TimeSpan Cpu, double P50, double P99, IReadOnlyList<Check> Checks)
    {
        /// <summary>CPU for each delivery.</summary>
        public double Microseconds => Cpu.TotalMicroseconds / Math.Max(1, Deliveries);
    }
}
