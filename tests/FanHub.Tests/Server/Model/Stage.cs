using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Leaderboards;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Model;

/// <summary>
/// An editor node and a fan node, as one embedded server has them or as they meet in Redis, whose time stands still unless the test lets it pass, and which then do all that is due
/// before the test goes on.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2028, 7, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly SessionKey _key = new(new byte[32]);
    private readonly Place _place;
    private readonly RedisConnection? _editorsRedis;
    private readonly RedisConnection? _fansRedis;
    private ILiveSide _live;
    private FanSide? _fans;
    private EditorialHost? _editors;

    private Stage(Place place, RedisConnection? editorsRedis, RedisConnection? fansRedis)
    {
        _place = place;
        _editorsRedis = editorsRedis;
        _fansRedis = fansRedis;
        _live = editorsRedis is null ? new EmbeddedSide(EditorialHost.NewLog()) : new RedisSide(editorsRedis);
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public DateTimeOffset Now => Time.GetUtcNow();

    public EditorialHost Editors => _editors!;

    public FanSide Fans => _fans!;

    /// <summary>What any of the nodes logged as an error.</summary>
    public LogSink FanLogs { get; } = new();

    public bool IsScaledOut => _editorsRedis is not null;

    public static async Task<Stage> EmbeddedAsync()
    {
        var stage = new Stage(new Place(EditorialHost.NewDirectory(), Postgres: null), editorsRedis: null, fansRedis: null);
        await stage.StartEditorsAsync();
        await stage.StartFansAsync();
        return stage;
    }

    public static async Task<Stage> ScaledOutAsync(PostgresFixture postgres, RedisFixture redis)
    {
        var prefix = redis.FreshPrefix();
        var stage = new Stage(new Place(EditorialHost.NewDirectory(), await postgres.NewDatabaseAsync()), await redis.ConnectAsync(prefix), await redis.ConnectAsync(prefix));
        await stage.StartEditorsAsync();
        await stage.StartFansAsync();
        return stage;
    }

    /// <summary>A token of a fan, as the console of an editor presents it who is one.</summary>
    public string TokenOf(long fan) => new FanSessions(_key, Options.Create(new FanSessionOptions()), Time).Issue(fan).Token;

    /// <summary>Starts the editor node again. An embedded server is one process, so its fan side too.</summary>
    /// <param name="losesChannels">Whether channels in memory begin anew, as they do when a process ends.</param>
    public async Task RestartEditorsAsync(bool losesChannels)
    {
        if (IsScaledOut)
        {
            await _editors!.DisposeAsync();
            await StartEditorsAsync();
            return;
        }

        await _fans!.DisposeAsync();
        await _editors!.DisposeAsync();
        _live = losesChannels ? new EmbeddedSide(EditorialHost.NewLog()) : _live;
        await StartEditorsAsync();
        await StartFansAsync();
    }

    /// <summary>Starts the fan node again.</summary>
    public async Task RestartFansAsync()
    {
        await _fans!.DisposeAsync();
        await StartFansAsync();
    }

    /// <summary>Lets time pass, and does what has come due.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await CatchUpAsync();
    }

    /// <summary>Publishes what was saved, and gives the points that are to be given.</summary>
    public async Task FinishAsync(bool givesPoints)
    {
        var publisher = Editors.Services.GetRequiredService<OutboxPublisher>();
        await Until(() => publisher.PublishPendingAsync(CancellationToken.None), "all is published");
        if (givesPoints)
        {
            var worker = Editors.Services.GetRequiredService<AwardWorker>();
            await Until(() => worker.RunAsync(CancellationToken.None), "all points are given");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_fans is not null)
        {
            await _fans.DisposeAsync();
        }

        if (_editors is not null)
        {
            await _editors.DisposeAsync();
        }

        foreach (var redis in new[] { _fansRedis, _editorsRedis }.OfType<RedisConnection>())
        {
            await redis.DisposeAsync();
        }

        Directory.Delete(_place.Directory, recursive: true);
    }

    private static async Task Until(Func<Task<bool>> done, string what)
    {
        for (var i = 0; !await done(); i++)
        {
            if (i == 1000)
            {
                throw new TimeoutException($"It still does not hold that {what}.");
            }

            await Task.Delay(2);
        }
    }

    private async Task StartEditorsAsync()
    {
        _editors = await EditorialHost.StartAsync(_place, box: real => new UnclaimedBox(real), time: Time, live: _live, services: services =>
        {
            services.AddSingleton(_key);
            // With loggers of its own each host would have its own model of the database too, which takes longer to make than most stories.
            services.ConfigureDbContext<FanHubDb>(options => options.UseLoggerFactory(NullLoggerFactory.Instance));
            CallByHand<DueClock>(services);
            CallByHand<AwardWorker>(services);
        });
        await CatchUpAsync();
        _editors.Services.GetRequiredService<SealedBoxes>().StartIsOver();
    }

    private async Task StartFansAsync()
    {
        var host = _editors!;
        _fans = await FanSide.StartAsync(
            services =>
            {
                if (_fansRedis is not null)
                {
                    new RedisSide(_fansRedis).AddTo(services, _place.Directory, real => new UnclaimedBox(real));
                    return;
                }

                services.AddSingleton(host.Log);
                services.AddSingleton(host.Box);
                services.AddSingleton(host.Services.GetRequiredService<ILeaderboard>());
                services.AddSingleton(host.Services.GetRequiredService<IFanProfiles>());
            },
            Time,
            _key,
            FanLogs);
    }

    private async Task CatchUpAsync()
    {
        var clock = _editors!.Services.GetRequiredService<DueClock>();
        await Until(async () => await clock.TickAsync(CancellationToken.None) > TimeSpan.Zero, "nothing is due");
    }

    private static void CallByHand<T>(IServiceCollection services)
        where T : class, IHostedService
    {
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(T)));
        services.AddSingleton<T>();
    }
}

/// <summary>A box whose claims bind nobody, as when they have run out: claims save work, and nothing else may hang on them. They also run by the real clock in Redis.</summary>
internal sealed class UnclaimedBox(IBallotBox inner) : IBallotBox, IDisposable
{
    public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) => inner.RegisterAsync(interaction, channel, cancellationToken);

    public Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default) => inner.FindAsync(interaction, cancellationToken);

    public Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default) =>
        inner.CastAsync(interaction, rules, batch, cancellationToken);

    public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) => inner.AddRefusedAsync(interaction, late, refused, cancellationToken);

    public Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default) => inner.TallyAsync(interaction, options, cancellationToken);

    public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default) => Task.FromResult(true);

    public Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default) => inner.SealAsync(interaction, channel, options, cancellationToken);

    public Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default) => inner.FindBallotAsync(interaction, options, fan, cancellationToken);

    public IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, CancellationToken cancellationToken = default) => inner.ReadAllAsync(interaction, options, cancellationToken);

    public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => inner.ReserveFansAsync(count, cancellationToken);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
