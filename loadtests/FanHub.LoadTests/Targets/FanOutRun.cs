using System.Diagnostics;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Targets;

/// <summary>What a crowd does with a target, one time: it comes, hears updates at a steady rate, then some that come alone, and leaves.</summary>
/// <param name="load">How many come, and what they hear.</param>
/// <param name="redis">Redis, where its share is of interest.</param>
internal sealed class FanOutRun(RushLoad load, Cost redis)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    /// <summary>How many updates a run publishes.</summary>
    public int Updates => WarmUp + Measured + load.Bursts;

    private int Measured => Math.Max(1, (int)(load.Rate * load.Seconds));

    // What ran often is compiled again, and better.
    private int WarmUp => Math.Max(1, (int)(load.Rate * load.WarmUpSeconds));

    /// <summary>Does it.</summary>
    /// <param name="target">Who delivers.</param>
    /// <param name="payload">Bytes of payload of a frame; 0 where the target decides.</param>
    /// <param name="arrived">Called for each who has come.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FanOutFigures> RunAsync(IFanOutTarget target, int payload, Action arrived, CancellationToken cancellationToken)
    {
        using var cost = Cost.Of(target.Pids);
        using var round = await target.OpenAsync(load.Connections, Updates, payload, cancellationToken);
        await using var crowd = new LeanCrowd(load.Connections);
        var (cpu, memory, clock) = (cost.Cpu, cost.Memory, Stopwatch.StartNew());
        await crowd.GatherAsync(round.Members, arrived, cancellationToken);
        var (connecting, connectCpu) = (clock.Elapsed, cost.Cpu - cpu);
        await Task.Delay(Rest, cancellationToken);
        var connectMemory = cost.Memory - memory;

        await PublishAsync(WarmUp);
        await Task.Delay(Rest, cancellationToken);
        round.Arrivals.MeasureAnew();
        var generator = Environment.CpuUsage.TotalTime;
        var (before, redisCpu) = (round.Arrivals.Count, redis.Cpu);
        (cpu, clock) = (cost.Cpu, Stopwatch.StartNew());
        await PublishAsync(Measured);
        var elapsed = clock.Elapsed;
        var (spent, generatorSpent, deliveries) = (cost.Cpu - cpu, Environment.CpuUsage.TotalTime - generator, round.Arrivals.Count - before);
        var redisSpent = redis.Cpu - redisCpu;
        var delays = round.Arrivals.Delays;

        var bursts = new List<double>();
        for (var i = 0; i < load.Bursts; i++)
        {
            await Task.Delay(Rest, cancellationToken);
            var sentAt = Stopwatch.GetTimestamp();
            await PublishAsync(1);
            bursts.Add(Stopwatch.GetElapsedTime(sentAt, round.Arrivals.LastAt).TotalMilliseconds);
        }

        var trafficMemory = cost.Memory - memory;
        await crowd.LeaveAsync();
        return new FanOutFigures
        {
            Target = target.Name,
            Payload = round.Payload,
            PerSecond = deliveries / elapsed.TotalSeconds,
            Deliveries = deliveries,
            Updates = Measured,
            Cpu = spent,
            RedisMicroseconds = redisSpent.TotalMicroseconds / Measured,
            GeneratorMicroseconds = generatorSpent.TotalMicroseconds / Math.Max(1, deliveries),
            P50 = delays.PercentileMs(50),
            P90 = delays.PercentileMs(90),
            P99 = delays.PercentileMs(99),
            Max = delays.MaxMs,
            Burst = Medians.Of(bursts),
            LongestBurst = bursts.Append(0).Max(),
            Connecting = connecting,
            ConnectMicroseconds = connectCpu.TotalMicroseconds / load.Connections,
            ConnectedKiB = connectMemory / 1024.0 / load.Connections,
            TrafficKiB = trafficMemory / 1024.0 / load.Connections,
            Fragments = crowd.Fragments,
            Uneven = round.Members.OfType<SignalRConversation>().Sum(m => m.Uneven),
            Checks = round.Checks(crowd.Lost),
        };

        async Task PublishAsync(int updates)
        {
            await Rate.RunAsync(updates, load.Rate, _ => round.PublishAsync(cancellationToken), cancellationToken);
            await round.Arrivals.WaitAsync((long)round.Published * load.Connections, Silence, cancellationToken);
        }
    }
}

/// <summary>What was measured of a target, one time.</summary>
internal sealed record FanOutFigures
{
    public required string Target { get; init; }

    public required int Payload { get; init; }

    public required double PerSecond { get; init; }

    public required long Deliveries { get; init; }

    public required int Updates { get; init; }

    public required TimeSpan Cpu { get; init; }

    /// <summary>Redis's CPU for each update, with all else that it did meanwhile.</summary>
    public required double RedisMicroseconds { get; init; }

    /// <summary>CPU that publishing alone took of the same processes, for each update; to be taken off.</summary>
    public TimeSpan CpuPerPublish { get; init; }

    public required double GeneratorMicroseconds { get; init; }

    public required double P50 { get; init; }

    public required double P90 { get; init; }

    public required double P99 { get; init; }

    public required double Max { get; init; }

    /// <summary>Idle, one update, and how long until the last has it, in ms.</summary>
    public required double Burst { get; init; }

    /// <summary>The longest of them.</summary>
    public required double LongestBurst { get; init; }

    public required TimeSpan Connecting { get; init; }

    public required double ConnectMicroseconds { get; init; }

    public required double ConnectedKiB { get; init; }

    public required double TrafficKiB { get; init; }

    public required int Fragments { get; init; }

    public required int Uneven { get; init; }

    public required IReadOnlyList<Check> Checks { get; init; }

    /// <summary>CPU for each delivery, with that of publishing, in microseconds.</summary>
    public double GrossMicroseconds => Cpu.TotalMicroseconds / Math.Max(1, Deliveries);

    /// <summary>CPU for each delivery, without that of publishing, in microseconds.</summary>
    public double NetMicroseconds => (Cpu - (CpuPerPublish * Updates)).TotalMicroseconds / Math.Max(1, Deliveries);
}
