using System.Diagnostics;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Scenarios;

/// <summary>Some readers stop reading, and one reads at a tenth of the pace. The others notice nothing; the slow ones are sent away, come back, and miss nothing.</summary>
internal static class SlowReaders
{
    private const int MostConnections = 1_000;
    private const int LeastBytes = 6_000;
    private const int ReceiveBuffer = 4_096;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        // Buffers of some megabytes have to fill within seconds, for which small updates are too small, and thousands of readers too many.
        var load = options.Rush with { Connections = Math.Min(options.Rush.Connections, MostConnections), Bytes = Math.Max(options.Rush.Bytes, LeastBytes) };
        await using var publishers = await Publishers.ChooseAsync(options, load.Bytes);
        using var cost = Cost.Of(options.FanPids);
        var updates = (int)(load.Rate * (load.WarmUpSeconds + (3 * load.Seconds) + MostPatience.TotalSeconds)) + 10;
        var log = await stages.DuringAsync("write what will be published", publishers.Chosen.OpenAsync("slow-readers", updates, cancellationToken));
        var slow = Math.Max(2, (int)Math.Round(load.Connections * load.Stalled / 100) + 1);
        var fans = FollowerCrowd.Make(await FollowerCrowd.StartSessionsAsync(options, stages, load.Connections, cancellationToken), _ => [log], i => i < slow);
        var slowOnes = fans.Members.Take(slow).ToList();
        foreach (var member in slowOnes)
        {
            member.ReceiveBuffer = ReceiveBuffer;
        }

        var others = load.Connections - slow;
        await using var crowd = new LeanCrowd(load.Connections);
        await crowd.GatherAsync(fans.Members, stages.Begin("connect and follow", load.Connections), cancellationToken);
        await PublishAsync(load.WarmUpSeconds);
        fans.Arrivals.MeasureAnew();
        await stages.DuringAsync("all read", PublishAsync(load.Seconds));
        var (without, memory) = (fans.Arrivals.Delays, cost.Memory);

        fans.Arrivals.MeasureAnew();
        var stalledAt = Stopwatch.GetTimestamp();
        var closed = await crowd.Loop.AskAsync(() => Stall(slowOnes, (int)(load.Rate * load.Bytes / 10)));
        var waiting = stages.Begin(FormattableString.Invariant($"{slow} read slowly or not at all"), 1);
        var peak = memory;
        while (closed.Count < slow && Stopwatch.GetElapsedTime(stalledAt) < MostPatience)
        {
            await PublishAsync(Math.Min(1, load.Seconds));
            peak = Math.Max(peak, cost.Memory);
        }

        waiting();
        var with = fans.Arrivals.Delays;
        var closings = closed.Values.Select(at => Stopwatch.GetElapsedTime(stalledAt, at).TotalSeconds).ToList();
        await stages.DuringAsync("come back", ComeBackAsync(slowOnes, crowd, cancellationToken));
        await PublishAsync(load.Seconds);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var after = cost.Memory;
        await crowd.LeaveAsync();

        var followers = fans.Followers.ToList();
        return new ScenarioResult(
            "slow-readers",
            [
                new("No connection of the others was lost.", crowd.Lost.Count == 0, crowd.Lost.Count == 0 ? "0" : FormattableString.Invariant($"{crowd.Lost.Count:N0}, the first one: {crowd.Lost[0]}")),
                Check.Equal(FormattableString.Invariant($"The server closed the slow connections within {MostPatience.TotalSeconds:0} s."), slow, closings.Count),
                Check.Equal("The others were given no snapshot.", 0, followers.Skip(slow).Sum(f => (long)f.Snapshots)),
                .. FollowChecks.Sound(followers),
                Check.Equal("Items of snapshots that were not the newest.", 0, followers.Sum(f => (long)f.StaleItems)),
            ],
            [
                new("connections", load.Connections, FormattableString.Invariant($"on {options.Nodes.Count} node(s), of which {slow - 1} stop reading and one reads at a tenth of the pace")),
                new("updates", load.Rate, FormattableString.Invariant($"per s, of {load.Bytes:N0} bytes of data, published {publishers.Chosen.Way}")),
                new("the others, all reading, p50", without.PercentileMs(50), "ms"),
                new("the others, all reading, p99", without.PercentileMs(99), "ms"),
                new("the others, beside slow ones, p50", with.PercentileMs(50), "ms"),
                new("the others, beside slow ones, p99", with.PercentileMs(99), "ms"),
                new("the others, beside slow ones, max", with.MaxMs, "ms"),
                new("the first slow connection was closed after", closings.DefaultIfEmpty().Min(), "s"),
                new("half of them after", Medians.Of(closings), "s"),
                new("the last after", closings.DefaultIfEmpty().Max(), "s"),
                new("slow ones that came back to what they had missed", slow - followers.Take(slow).Count(f => f.Snapshots > 0), FormattableString.Invariant($"and {followers.Take(slow).Count(f => f.Snapshots > 0)} to a snapshot")),
                new("server memory, all reading", memory / 1048576.0, "MiB"),
                new("server memory, at most", peak / 1048576.0, "MiB"),
                new("server memory, after all came back", after / 1048576.0, "MiB"),
                new("load average at the end", LoadAverage.Now, ""),
            ]);

        async Task PublishAsync(double seconds)
        {
            var times = Math.Min(Math.Max(1, (int)(load.Rate * seconds)), updates - log.Count);
            var before = fans.Arrivals.Count;
            await Rate.RunAsync(times, load.Rate, _ => publishers.Chosen.PublishAsync(log, cancellationToken), cancellationToken);
            await fans.Arrivals.WaitAsync(before + ((long)times * others), Silence, cancellationToken);
        }
    }

    /// <summary>Lets them stop, or slow down, and notes when each was sent away.</summary>
    private static System.Collections.Concurrent.ConcurrentDictionary<int, long> Stall(IReadOnlyList<ChannelFollower> slowOnes, int pace)
    {
        var closed = new System.Collections.Concurrent.ConcurrentDictionary<int, long>();
        foreach (var member in slowOnes)
        {
            member.Lost = _ => closed[member.Number] = Stopwatch.GetTimestamp();
            if (member.Number == 0)
            {
                member.Socket!.ReadSlowly(pace);
            }
            else
            {
                member.Socket!.StopReading();
            }
        }

        return closed;
    }

    private static async Task ComeBackAsync(IReadOnlyList<ChannelFollower> slowOnes, LeanCrowd crowd, CancellationToken cancellationToken)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        crowd.Loop.Post(() =>
        {
            var back = 0;
            foreach (var member in slowOnes)
            {
                member.Socket!.Close();
                member.Lost = crowd.Lost.Add;
                member.ReceiveBuffer = 0;
                member.Arrived = () =>
                {
                    if (++back == slowOnes.Count)
                    {
                        all.TrySetResult();
                    }
                };
                crowd.Connect(member);
            }
        });
        await crowd.WaitAsync(all.Task, MostPatience, "Coming back", cancellationToken);
    }
}
