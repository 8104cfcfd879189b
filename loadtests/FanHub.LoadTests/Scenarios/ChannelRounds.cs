using System.Diagnostics;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Scenarios;

/// <summary>Measures what updates to channels in turn cost, each time with new channels and the same fans.</summary>
/// <param name="options">What to run.</param>
/// <param name="stages">Shows how far it is.</param>
/// <param name="publisher">Who publishes.</param>
/// <param name="sessions">The fans.</param>
internal sealed class ChannelRounds(LoadOptions options, Stages stages, IUpdatePublisher publisher, IReadOnlyList<(Uri Node, string Token)> sessions)
{
    private const double WarmUpRate = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Measures one after the other.</summary>
    /// <param name="plans">Who follows what, and how many updates go out a second.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<ChannelRound>> MeasureAsync(IReadOnlyList<(Followings Followings, double Rate)> plans, CancellationToken cancellationToken)
    {
        var rounds = new List<ChannelRound>();
        foreach (var (followings, rate) in plans)
        {
            // A server that has just started compiles, so that the first one comes twice: its figures do not count, and what may not happen may not happen then either.
            var atFirst = rounds.Count > 0 ? null : await MeasureAsync(followings, rate, cancellationToken);
            var round = await MeasureAsync(followings, rate, cancellationToken);
            rounds.Add(round with { Checks = [.. atFirst?.Checks.Select(AtFirst) ?? [], .. round.Checks] });
        }

        return rounds;
    }

    private static Check AtFirst(Check check) => check with { Name = $"At first, {char.ToLowerInvariant(check.Name[0])}{check.Name[1..]}" };

    private async Task<ChannelRound> MeasureAsync(Followings followings, double rate, CancellationToken cancellationToken)
    {
        var (load, channels) = (options.Rush, followings.Channels);
        var (warmUp, measured) = (Math.Max(channels, (int)(Math.Max(rate, WarmUpRate) * load.WarmUpSeconds)), Math.Max(1, (int)(rate * load.Seconds)));
        var logs = new List<PublishedLog>();
        var opened = stages.Begin(FormattableString.Invariant($"make {channels:N0} channels"), channels);
        for (var i = 0; i < channels; i++)
        {
            logs.Add(await publisher.OpenAsync("many-channels", ((warmUp + measured) / channels) + 2, cancellationToken));
            opened();
        }

        var fans = FollowerCrowd.Make(sessions, i => followings.ChannelsOf(i).Select(c => logs[c]));
        await using var crowd = new LeanCrowd(sessions.Count);
        await crowd.GatherAsync(fans.Members, stages.Begin(FormattableString.Invariant($"connect and follow, {channels:N0} channels"), sessions.Count), cancellationToken);
        using var cost = Cost.Of(options.FanPids);
        var next = 0;
        await PublishAsync(warmUp, Math.Max(rate, WarmUpRate));
        fans.Arrivals.MeasureAnew();
        var (before, cpu, clock) = (fans.Arrivals.Count, cost.Cpu, Stopwatch.StartNew());
        await PublishAsync(measured, rate);
        var (spent, elapsed, deliveries) = (cost.Cpu - cpu, clock.Elapsed, fans.Arrivals.Count - before);
        await crowd.LeaveAsync();
        return new ChannelRound(channels, measured, deliveries, elapsed.TotalSeconds, spent, fans.Arrivals.Delays.PercentileMs(50), fans.Arrivals.Delays.PercentileMs(99),
            FollowChecks.Make([.. fans.Followers], Expected(), crowd.Lost));

        long Expected() => logs.Select((log, i) => (long)log.Count * followings.FollowersOf(i)).Sum();

        async Task PublishAsync(int updates, double perSecond)
        {
            await Rate.RunAsync(updates, perSecond, _ => publisher.PublishAsync(logs[next++ % channels], cancellationToken), cancellationToken);
            await fans.Arrivals.WaitAsync(Expected(), Silence, cancellationToken);
        }
    }
}

/// <summary>What came of it.</summary>
/// <param name="Channels">How many channels there were.</param>
/// <param name="Updates">How many updates went out, of all channels together.</param>
/// <param name="Deliveries">How many arrived.</param>
/// <param name="Seconds">Within how long.</param>
/// <param name="Cpu">What it cost those who deliver.</param>
/// <param name="P50">The delay of half of them, in ms.</param>
/// <param name="P99">That of all but a hundredth.</param>
/// <param name="Checks">What had to hold.</param>
internal sealed record ChannelRound(int Channels, int Updates, long Deliveries, double Seconds, TimeSpan Cpu, double P50, double P99, IReadOnlyList<Check> Checks)
{
    /// <summary>CPU for each delivery.</summary>
    public double Microseconds => Cpu.TotalMicroseconds / Math.Max(1, Deliveries);

    /// <summary>The same without what publishing cost.</summary>
    public ChannelRound Without(TimeSpan ofUpdate) => this with { Cpu = Cpu - (ofUpdate * Updates) };
}
