using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Server.Ballots;
using FanHub.Server.Cheers;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Live;
using FanHub.Server.Quizzes;
using FanHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Model;

/// <summary>The hub of a node with all that it calls, without the sockets before it.</summary>
internal sealed class FanSide : IAsyncDisposable
{
    // Counts and refusals go out by a clock of their own, so that the test says when and its time stands still meanwhile.
    private readonly FakeTimeProvider _ticks = new();
    private readonly Dictionary<long, HubFan> _fans = [];
    private readonly ServiceProvider _services;

    private FanSide(Action<IServiceCollection> live, TimeProvider time, SessionKey key, ILoggerProvider logs)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(logs));
        services.AddSingleton(time);
        services.AddSingleton(key);
        live(services);
        services.Configure<LimitOptions>(o => o.Enabled = false);
        services.Configure<BallotBatcherOptions>(o => o.Gather = TimeSpan.Zero);
        services.AddSingleton<FanLimits>();
        services.AddSingleton<BallotBatcher>();
        services.AddSingleton<FanConnections>();
        services.AddSingleton<ChannelRelay>();
        services.AddSingleton(provider => new TallyPublisher(
            provider.GetRequiredService<IBallotBox>(),
            provider.GetRequiredService<IChannelLog>(),
            provider.GetRequiredService<IOptions<VotingOptions>>(),
            _ticks,
            provider.GetRequiredService<ILogger<TallyPublisher>>()));
        services.AddSingleton<Interactions>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<CastBallot>();
        services.AddSingleton<CastVote>();
        services.AddSingleton<CastAnswer>();
        services.AddSingleton<AskMoreTime>();
        services.AddSingleton<FindStanding>();
        services.AddSingleton<CheerTaps>();
        services.AddSingleton<CountCheers>();
        services.AddSingleton<OwnBallots>();
        services.AddTransient<LiveHub>();
        _services = services.BuildServiceProvider();
        Log = _services.GetRequiredService<IChannelLog>();
        Box = _services.GetRequiredService<IBallotBox>();
        Boards = _services.GetRequiredService<ILeaderboard>();
        Relay = _services.GetRequiredService<ChannelRelay>();
    }

    public IChannelLog Log { get; }

    public IBallotBox Box { get; }

    public ILeaderboard Boards { get; }

    private ChannelRelay Relay { get; }

    public static async Task<FanSide> StartAsync(Action<IServiceCollection> live, TimeProvider time, SessionKey key, ILoggerProvider logs)
    {
        var side = new FanSide(live, time, key, logs);
        await side.Relay.StartAsync(CancellationToken.None);
        await side._services.GetRequiredService<TallyPublisher>().StartAsync(CancellationToken.None);
        return side;
    }

    /// <summary>A fan's connection to this node.</summary>
    public HubFan Fan(long number) =>
        _fans.TryGetValue(number, out var fan) ? fan : _fans[number] = new HubFan(number, _services.GetRequiredService<FanConnections>(), _services.GetRequiredService<LiveHub>);

    /// <summary>Lets the publisher of counts do its work until what is asked for holds, or a few seconds have passed.</summary>
    public async Task<bool> TickUntilAsync(Func<Task<bool>> holds)
    {
        var interval = _services.GetRequiredService<IOptions<VotingOptions>>().Value.TallyInterval;
        var until = Environment.TickCount64 + (long)Eventually.Limit.TotalMilliseconds;
        while (true)
        {
            if (await holds())
            {
                return true;
            }

            if (Environment.TickCount64 > until)
            {
                return false;
            }

            _ticks.Advance(interval);
            await Task.Delay(1);
        }
    }

    /// <summary>Waits until this node has heard of all that the log has.</summary>
    public async Task HearAsync(string channel)
    {
        var until = Environment.TickCount64 + (long)Eventually.Limit.TotalMilliseconds;
        while ((await Log.HeadsAsync([channel]))[0] is { } head && (await Relay.SnapshotAsync(channel, locale: null))?.Head is { } held && held != head && Environment.TickCount64 < until)
        {
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<TallyPublisher>().StopAsync(CancellationToken.None);
        await Relay.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
