using System.Diagnostics;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Feeds;

/// <summary>What a feed costs: memory when measuring begins and after each quarter of it, CPU from then until everything was heard.</summary>
/// <param name="servers">The servers.</param>
/// <param name="redis">Redis, where its share is of interest.</param>
internal sealed class FeedExpense(Cost servers, Cost redis)
{
    private const int Quarters = 4;

    private readonly List<Metric> _marks = [];
    private (long Clock, TimeSpan Servers, TimeSpan Redis, TimeSpan Own) _begin;

    /// <summary>Looks on while messages are sent.</summary>
    /// <param name="before">What comes first and is not measured.</param>
    /// <param name="time">For how long it is measured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WatchAsync(TimeSpan before, TimeSpan time, CancellationToken cancellationToken)
    {
        await Task.Delay(before, cancellationToken);
        _begin = (Stopwatch.GetTimestamp(), servers.Cpu, redis.Cpu, Environment.CpuUsage.TotalTime);
        for (var quarter = 0; quarter <= Quarters; quarter++)
        {
            if ((time * quarter / Quarters) - Stopwatch.GetElapsedTime(_begin.Clock) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, cancellationToken);
            }

            if (servers.Known)
            {
                _marks.Add(new($"servers' memory, after {quarter} of {Quarters} parts", servers.Memory / 1024.0 / 1024, FormattableString.Invariant($"MiB, with {(servers.Cpu - _begin.Servers).TotalSeconds:0.0} s of CPU so far")));
            }
        }
    }

    /// <summary>What it came to by now, where so many messages were dealt with since measuring began.</summary>
    public IReadOnlyList<Metric> ForMessages(int messages)
    {
        var (elapsed, metrics) = (Stopwatch.GetElapsedTime(_begin.Clock), _marks.ToList());
        Add("servers' CPU", servers.Known, () => servers.Cpu - _begin.Servers);
        Add("Redis's CPU", redis.Known, () => redis.Cpu - _begin.Redis);
        Add("load generator's CPU", known: true, () => Environment.CpuUsage.TotalTime - _begin.Own);
        return metrics;

        void Add(string whose, bool known, Func<TimeSpan> spent)
        {
            if (known)
            {
                metrics.Add(new($"{whose} per message, everything", spent().TotalMicroseconds / Math.Max(1, messages), FormattableString.Invariant($"us, or {spent() / elapsed:0.00} cores")));
            }
        }
    }
}
