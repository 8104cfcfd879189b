using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Peers;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Targets;

namespace FanHub.LoadTests.Scenarios;

/// <summary>One update after the other goes to everybody. With peers, the same crowd hears the same bytes at the same rate from other servers, in turn.</summary>
internal static class GoalRush
{
    private static readonly (string Name, Func<Task<IPeer>> StartAsync)[] Peers = [("floor", Floor.StartAsync), ("Nchan", Nchan.StartAsync), ("stock SignalR", StockHub.StartAsync)];

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Rush;
        await using var publishers = await Publishers.ChooseAsync(options, load.Bytes);
        using var redis = Cost.Of(options.RedisPid is { } pid ? [pid] : []);
        var pids = options.FanPids;
        var targets = new List<IFanOutTarget> { new FanHubTarget(options.Nodes, pids, publishers.Chosen) };
        var notes = new List<string>();
        var results = new List<FanOutFigures>();
        var quiet = TimeSpan.Zero;
        try
        {
            await StartPeersAsync();
            var run = new FanOutRun(load, redis);
            var rounds = load.Repetitions + 1;
            var done = stages.Begin(FormattableString.Invariant($"{load.Connections:N0} connections come, {rounds} times, to {string.Join(", ", targets.Select(t => t.Name))}"), rounds * targets.Count * load.Connections);
            var payload = 0;
            for (var round = 0; round < rounds; round++)
            {
                foreach (var target in targets)
                {
                    var figures = await run.RunAsync(target, payload, done, cancellationToken);
                    payload = payload == 0 ? figures.Payload : payload;
                    // The first time is for compilers and caches, but what is right has to be right from the start; and only then is memory a fresh server's.
                    results.Add(figures);
                }
            }

            if (!publishers.IsApart)
            {
                quiet = await stages.DuringAsync("publish to nobody", QuietPublishing.MeasureAsync(publishers.Chosen, pids, load.Rate, cancellationToken));
            }
        }
        finally
        {
            foreach (var target in targets)
            {
                await target.DisposeAsync();
            }
        }

        var measured = results.GroupBy(r => r.Target, StringComparer.Ordinal)
            .Select(g => new FanOutSummary(g.First(), [.. g.Skip(1).Select(f => f with { CpuPerPublish = f.Target is "FanHub" ? quiet : TimeSpan.Zero })])).ToList();
        return new ScenarioResult("goal-rush", [.. FanOutSummary.Checks(results)], Metrics()) { Tables = [FanOutSummary.Table(measured)], Notes = notes };

        async Task StartPeersAsync()
        {
            foreach (var (_, start) in load.Peers ? Peers : [])
            {
                try
                {
                    targets.Add(new PeerTarget(await start()));
                }
                catch (PeerMissingException e)
                {
                    notes.Add(e.Message);
                }
            }
        }

        IReadOnlyList<Metric> Metrics()
        {
            var own = measured[0];
            var metrics = new List<Metric>
            {
                new("connections", load.Connections, FormattableString.Invariant($"on {options.Nodes.Count} node(s), published {publishers.Chosen.Way}")),
                new("updates", load.Rate, FormattableString.Invariant($"per s, for {load.Seconds} s, {load.Repetitions} times")),
                new("bytes of a frame's payload", own.First.Payload, FormattableString.Invariant($"{load.Bytes} of them data")),
            };
            metrics.AddRange(own.Metrics());
            if (!publishers.IsApart)
            {
                metrics.Add(new("server CPU per publish without followers, taken off above", quiet.TotalMicroseconds, "us"));
            }

            if (redis.Known)
            {
                metrics.Add(new("Redis CPU per update, everything", Medians.Of(own.Measured.Select(f => f.RedisMicroseconds)), "us"));
            }

            metrics.AddRange(own.Ratios(measured.Skip(1)));
            metrics.Add(new("load average at the end", LoadAverage.Now, ""));
            return metrics;
        }
    }
}
