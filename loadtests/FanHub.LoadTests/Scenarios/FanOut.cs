using System.Diagnostics;
using FanHub.LoadTests.Editors;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>Many connections follow one channel, on all nodes; every update has to reach each of them once, in order.</summary>
internal static class FanOut
{
    // Code that ran often is compiled again, and better: what comes first is checked, but not measured.
    private const int WarmUp = 30;
    private const double WarmUpRate = 100;
    private const int QuietSamples = 4;
    private const int QuietSample = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        using var servers = Cost.OfServers(options);
        using var redis = Cost.Of(options.RedisPid is { } pid ? [pid] : []);
        await using var editor = new EditorApi(options.Editor, options.Key);
        var cpuPerPublish = await stages.DuringAsync("publish to nobody", PublishToNobodyAsync(options, editor, servers, cancellationToken));

        var channel = await editor.MakeChannelAsync("fan-out", cancellationToken);
        var updates = WarmUp + options.Updates;
        var sequence = await stages.DuringAsync("write drafts", UpdateSequence.PrepareAsync(editor, channel, updates, cancellationToken));
        var audience = new Audience(sequence.Expected, options.Connections, WarmUp);

        await using var crowd = new Crowd(options.Nodes, options.Connections);
        var (cpu, memory, clock) = (servers.Cpu, servers.Memory, Stopwatch.StartNew());
        var arrived = stages.Begin($"connect and follow on {options.Nodes.Count} node(s)", options.Connections);
        await crowd.GatherAsync(channel, number => audience[number].Hear, (number, reply) =>
        {
            audience.Arrived(number, reply);
            arrived();
        }, cancellationToken);
        var (connecting, connectCpu, connectMemory) = (clock.Elapsed, servers.Cpu - cpu, servers.Memory - memory);

        await stages.DuringAsync("warm up", WarmUpAsync());
        var answers = new Histogram();
        var published = stages.Begin("publish", options.Updates);
        var generator = Environment.CpuUsage.TotalTime;
        var redisCpu = redis.Cpu;
        (cpu, clock) = (servers.Cpu, Stopwatch.StartNew());
        await sequence.PublishAsync(WarmUp, updates, options.Rate, answered =>
        {
            answers.Add(answered);
            published();
        }, cancellationToken);
        var publishing = clock.Elapsed;
        await stages.DuringAsync("hear the last", audience.WaitAsync(updates, Silence, cancellationToken));
        var (spent, hearing, generatorCpu) = (servers.Cpu - cpu, clock.Elapsed, Environment.CpuUsage.TotalTime - generator);
        var redisSpent = redis.Cpu - redisCpu;
        var memoryAfter = servers.Memory - memory;
        var lost = crowd.Fans.Where(f => f.Lost is not null).Select(f => f.Lost!).ToList();
        await crowd.LeaveAsync(stages.Begin("leave", options.Connections));

        var metrics = new List<Metric>
        {
            new("connections", options.Connections, FormattableString.Invariant($"on {options.Nodes.Count} node(s)")),
            new("bytes per update, as sent", Enumerable.Range(WarmUp, options.Updates).Average(sequence.Expected.BytesOf), "bytes"),
            new("connected and following", options.Connections / connecting.TotalSeconds, "per s"),
            new("updates published", options.Updates / publishing.TotalSeconds, FormattableString.Invariant($"per s, of {options.Rate} asked for")),
            new("admin API answers, p50", answers.PercentileMs(50), "ms"),
            new("admin API answers, p99", answers.PercentileMs(99), "ms"),
            new("publish to arrival, p50", audience.Delays.PercentileMs(50), "ms"),
            new("publish to arrival, p90", audience.Delays.PercentileMs(90), "ms"),
            new("publish to arrival, p99", audience.Delays.PercentileMs(99), "ms"),
            new("publish to arrival, max", audience.Delays.MaxMs, "ms"),
            new("deliveries", audience.Delays.Count / hearing.TotalSeconds, "per s"),
        };
        if (servers.Known)
        {
            var deliveries = Math.Max(1, audience.Delays.Count);
            metrics.AddRange(
            [
                new("server CPU per connection (session, connect, follow)", connectCpu.TotalMicroseconds / options.Connections, "us"),
                new("server CPU per publish without followers", cpuPerPublish.TotalMicroseconds, "us"),
                new("server CPU per delivery, everything", spent.TotalMicroseconds / deliveries, "us"),
                new("server CPU per delivery, without that of publishing", (spent - (cpuPerPublish * options.Updates)).TotalMicroseconds / deliveries, "us"),
                new("server CPU while publishing", spent / hearing, "cores"),
                new("server memory per connection, when connected (of a fresh server)", connectMemory / 1024.0 / options.Connections, "KiB"),
                new("server memory per connection, after traffic (of a fresh server)", memoryAfter / 1024.0 / options.Connections, "KiB"),
            ]);
        }

        if (redis.Known)
        {
            metrics.Add(new("Redis CPU per update, everything", redisSpent.TotalMicroseconds / options.Updates, "us"));
        }

        metrics.Add(new("load generator CPU while publishing", generatorCpu / hearing, "cores"));
        return new ScenarioResult("fan-out", audience.Checks(lost), metrics);

        async Task WarmUpAsync()
        {
            await sequence.PublishAsync(0, WarmUp, WarmUpRate, _ => { }, cancellationToken);
            await audience.WaitAsync(WarmUp, Silence, cancellationToken);
        }
    }

    /// <summary>What publishing costs by itself, so that it can be told from what delivering costs: the least of some samples, for a server may still be compiling.</summary>
    private static async Task<TimeSpan> PublishToNobodyAsync(LoadOptions options, EditorApi editor, Cost servers, CancellationToken cancellationToken)
    {
        var channel = await editor.MakeChannelAsync("quiet", cancellationToken);
        var sequence = await UpdateSequence.PrepareAsync(editor, channel, WarmUp + (QuietSamples * QuietSample), cancellationToken);
        await sequence.PublishAsync(0, WarmUp, WarmUpRate, _ => { }, cancellationToken);
        var least = TimeSpan.MaxValue;
        for (var sample = 0; sample < QuietSamples; sample++)
        {
            var from = WarmUp + (sample * QuietSample);
            var cpu = servers.Cpu;
            await sequence.PublishAsync(from, from + QuietSample, Math.Max(options.Rate, 20), _ => { }, cancellationToken);
            var spent = (servers.Cpu - cpu) / QuietSample;
            least = spent < least ? spent : least;
        }

        return least;
    }
}
