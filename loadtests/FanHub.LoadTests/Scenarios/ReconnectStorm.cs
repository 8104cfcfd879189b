using System.Diagnostics;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Scenarios;

/// <summary>All connections break at once, and everybody comes back within seconds, with the position where it was, while updates go on. Nobody misses any, or gets one twice.</summary>
internal static class ReconnectStorm
{
    private const int Seed = 20260711;
    private const double MostUpdates = 10;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Rush;
        var rate = Math.Min(load.Rate, MostUpdates);
        await using var publishers = await Publishers.ChooseAsync(options, load.Bytes);
        using var cost = Cost.Of(options.FanPids);
        using var redis = Cost.Of(options.RedisPid is { } pid ? [pid] : []);
        var (before, during) = ((int)(rate * (load.WarmUpSeconds + load.Seconds)), (int)(rate * (load.Window + load.Seconds)));
        var log = await stages.DuringAsync("make a channel", publishers.Chosen.OpenAsync("reconnect-storm", before + during, cancellationToken));
        var fans = FollowerCrowd.Make(await FollowerCrowd.StartSessionsAsync(options, stages, load.Connections, cancellationToken), _ => [log]);
        await using var crowd = new LeanCrowd(load.Connections);
        await crowd.GatherAsync(fans.Members, stages.Begin("connect and follow", load.Connections), cancellationToken);

        await PublishAsync((int)(rate * load.WarmUpSeconds));
        await fans.Arrivals.WaitAsync((long)log.Count * load.Connections, Silence, cancellationToken);
        fans.Arrivals.MeasureAnew();
        var (cpu, counted) = (cost.Cpu, fans.Arrivals.Count);
        await PublishAsync(before - (int)(rate * load.WarmUpSeconds));
        await fans.Arrivals.WaitAsync((long)log.Count * load.Connections, Silence, cancellationToken);
        // With its share of publishing, which goes on at the same rate.
        var perDelivery = (cost.Cpu - cpu) / Math.Max(1, fans.Arrivals.Count - counted);
        var calm = fans.Arrivals.Delays;

        var reads = await ReadsAsync();
        fans.Arrivals.MeasureAnew();
        (cpu, counted) = (cost.Cpu, fans.Arrivals.Count);
        var redisCpu = redis.Cpu;
        var clock = Stopwatch.GetTimestamp();
        var returned = stages.Begin("come back", load.Connections);
        var back = StormAsync(crowd, fans.Members, load.Window, returned);
        var publishing = PublishAsync(during);
        await crowd.WaitAsync(back, TimeSpan.FromSeconds(load.Window) + Patience, "Coming back", cancellationToken);
        var (spent, redisSpent, stormDeliveries) = (cost.Cpu - cpu, redis.Cpu - redisCpu, fans.Arrivals.Delays.Count);
        var last = Stopwatch.GetElapsedTime(clock, fans.Members.Max(m => m.FollowsSince));
        var stormReads = await ReadsAsync() - reads;
        await publishing;
        await fans.Arrivals.WaitAsync((long)log.Count * load.Connections, Silence, cancellationToken);
        await crowd.LeaveAsync();

        var followers = fans.Followers.ToList();
        var metrics = new List<Metric>
        {
            new("connections that broke", load.Connections, FormattableString.Invariant($"on {options.Nodes.Count} node(s), published {publishers.Chosen.Way}")),
            new("updates", rate, "per s"),
            new("within", load.Window, "s they come back, evenly"),
            new("until the last had resumed", last.TotalSeconds, "s"),
            new("server CPU per return, without that of live deliveries", (spent - (perDelivery * stormDeliveries)).TotalMicroseconds / load.Connections, "us"),
            new("live delivery before, p50", calm.PercentileMs(50), "ms"),
            new("live delivery before, p99", calm.PercentileMs(99), "ms"),
            new("live delivery meanwhile, p50", fans.Arrivals.Delays.PercentileMs(50), "ms"),
            new("live delivery meanwhile, p99", fans.Arrivals.Delays.PercentileMs(99), "ms"),
            new("returns that were given the snapshot instead of what was missed", followers.Sum(f => f.Snapshots), ""),
        };
        if (load.LogRedis is not null)
        {
            metrics.Add(new("history reads in Redis meanwhile", stormReads, "xrange commands"));
        }

        if (redis.Known)
        {
            metrics.Add(new("Redis CPU meanwhile", redisSpent.TotalMilliseconds, "ms"));
        }

        metrics.Add(new("load average at the end", LoadAverage.Now, ""));
        var checks = new List<Check>(FollowChecks.Make(followers, (long)log.Count * load.Connections, crowd.Lost))
        {
            Check.Equal("Everybody resumed; nobody was given the snapshot.", 0, followers.Sum(f => (long)f.Snapshots)),
        };
        if (load.LogRedis is not null)
        {
            checks.Add(Check.Equal("No history read in Redis, for the nodes hold the tail.", 0, stormReads));
        }

        return new ScenarioResult("reconnect-storm", checks, metrics);

        Task PublishAsync(int updates) => Rate.RunAsync(updates, rate, _ => publishers.Chosen.PublishAsync(log, cancellationToken), cancellationToken);

        async Task<long> ReadsAsync() => load.LogRedis is null ? 0 : await RedisCommands.CountAsync(load.LogRedis, RedisCommands.HistoryRead, cancellationToken);
    }

    private static Task StormAsync(LeanCrowd crowd, IReadOnlyList<ChannelFollower> members, double window, Action returned)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        crowd.Loop.Post(() =>
        {
            var random = new Random(Seed);
            var back = 0;
            foreach (var member in members)
            {
                member.Socket!.Close();
                member.Arrived = () =>
                {
                    returned();
                    if (++back == members.Count)
                    {
                        all.TrySetResult();
                    }
                };
                crowd.Loop.After(TimeSpan.FromSeconds(window * random.NextDouble()), () => crowd.Connect(member));
            }
        });
        return all.Task;
    }
}
