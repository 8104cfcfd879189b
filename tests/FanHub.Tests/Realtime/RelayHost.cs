using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Realtime.WebSockets;
using FanHub.Testing;
using FanHub.Tests.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FanHub.Tests.Realtime;

/// <summary>A node that does nothing but relay channels: real Kestrel, real SignalR, and a hub that only follows.</summary>
internal sealed class RelayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RelayHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ChannelRelay Relay => _app.Services.GetRequiredService<ChannelRelay>();

    public Hooks Hook => _app.Services.GetRequiredService<Hooks>();

    public IServiceProvider Services => _app.Services;

    /// <summary>What it logged.</summary>
    public LogSink Logs => _app.Services.GetRequiredService<LogSink>();

    public FanConnections Connections => _app.Services.GetRequiredService<FanConnections>();

    /// <param name="log">What it relays.</param>
    /// <param name="channels">Changes the options.</param>
    /// <param name="fanout">Changes the options.</param>
    /// <param name="hub">Changes the options.</param>
    /// <param name="stock">Whether WebSockets are SignalR's own, as where TLS ends in the process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pipeline">What comes before the hub.</param>
    public static async Task<RelayHost> StartAsync(
        IChannelLog log,
        Action<ChannelOptions>? channels = null,
        Action<FanoutOptions>? fanout = null,
        Action<HubOptions>? hub = null,
        bool stock = false,
        TimeProvider? time = null,
        Action<IApplicationBuilder>? pipeline = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        if (!stock)
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.UseTakeover()));
        }

        var services = builder.Services;
        var logs = new LogSink();
        builder.Logging.AddProvider(logs);
        services.AddSingleton(logs);
        services.AddRoutingCore();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton(log);
        services.Configure<ChannelOptions>(o => channels?.Invoke(o));
        services.Configure<FanoutOptions>(o => fanout?.Invoke(o));
        services.AddSignalR(o =>
        {
            o.MaximumReceiveMessageSize = FanoutOptions.HighestMessageBytes;
            hub?.Invoke(o);
        }).AddFanConnections<FollowOnlyHub>();
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<IHubProtocol, LiveHubProtocol>();
        services.AddSingleton<Hooks>();
        services.AddSingleton<FanConnections>();
        services.AddSingleton<ChannelRelay>();
        services.AddHostedService(s => s.GetRequiredService<FanConnections>());
        services.AddHostedService(s => s.GetRequiredService<ChannelRelay>());
        var app = builder.Build();
        pipeline?.Invoke(app);
        if (!stock)
        {
            app.UseWebSocketHub<FollowOnlyHub>(HubMethods.Path);
        }

        app.MapHub<FollowOnlyHub>(HubMethods.Path);
        await app.StartAsync();
        return new RelayHost(app);
    }

    public Task<RawFan> ConnectAsync() => RawFan.ConnectAsync(Address, token: "");

    /// <summary>Connects and follows.</summary>
    public async Task<(RawFan Fan, System.Text.Json.JsonElement Reply)> FollowAsync(string channel, Position? since = null, string? locale = null)
    {
        var fan = await ConnectAsync();
        var completion = await fan.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = channel, Since = since, Locale = locale });
        return (fan, completion.GetProperty("result"));
    }

    /// <summary>Asks it to stop, as a host does that waits only so long for its connections.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        using var source = new CancellationTokenSource(limit);
        await _app.StopAsync(source.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>What happens between following and the reply to it.</summary>
    internal sealed class Hooks
    {
        public Func<Task> BeforeReply { get; set; } = () => Task.CompletedTask;

        /// <summary>What a call of <see cref="FollowOnlyHub.Wait"/> waits for.</summary>
        public Func<Task> Wait { get; set; } = () => Task.CompletedTask;
    }

    internal sealed class FollowOnlyHub(ChannelRelay relay, Hooks hooks) : Hub
    {
        private FanConnection Connection => Context.Features.Get<FanConnection>()!;

        public async Task<EncodedFollowReply> Follow(FollowRequest request)
        {
            var reply = await relay.FollowAsync(Connection, request) ?? throw new HubException("not_found: There is no such channel.");
            await hooks.BeforeReply();
            return reply;
        }

        public void Unfollow(string channel) => relay.Unfollow(Connection, channel);

        /// <summary>Where the caller's frames go out.</summary>
        public string Lane() => Context.Features.Get<IFrameLane>()?.GetType().Name ?? nameof(SignalRLane);

        public Task Wait() => hooks.Wait();

        public string Echo(string text) => text;

        public void OpenGate(string channel, string gate) => relay.OpenGate(Connection, channel, gate);
    }
}

/// <summary>A log between which and its subscribers things go wrong, and which counts what it is asked.</summary>
internal sealed class FaultyLog(IChannelLog inner) : IChannelLog
{
    private int _reads;

    /// <summary>Decides what becomes of a notification: it may pass it on, late, twice, or not at all.</summary>
    public Action<LogEntry, Action<LogEntry>> OnNotification { get; set; } = (entry, deliver) => deliver(entry);

    /// <summary>The log that answers; may be replaced by one with another life.</summary>
    public IChannelLog Inner { get; set; } = inner;

    /// <summary>While true, nothing answers.</summary>
    public bool Away { get; set; }

    public int Reads => Volatile.Read(ref _reads);

    public Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default) => Reach().CreateAsync(channel, cancellationToken);

    public Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        Reach().AppendAsync(channel, item, idempotencyKey, cancellationToken);

    public Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return Reach().ReadAsync(channel, since, cancellationToken);
    }

    public Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default) => Reach().FenceAsync(channel, epoch, cancellationToken);

    public Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default) => Reach().VouchAsync(channel, seen, cancellationToken);

    public Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default) => Reach().HeadsAsync(channels, cancellationToken);

    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default) =>
        Reach().SubscribeAsync(channel, entry => OnNotification(entry, onEntry), cancellationToken);

    private IChannelLog Reach() => Away ? throw new LogUnavailableException("Away, for a test.") : Inner;
}

/// <summary>A log that says it is further back than it is, until its epoch is fenced off.</summary>
internal sealed class OlderLog(IChannelLog inner, ChannelHead older) : IChannelLog
{
    private volatile bool _fenced;

    public Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default) => inner.CreateAsync(channel, cancellationToken);

    public Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        inner.AppendAsync(channel, item, idempotencyKey, cancellationToken);

    public async Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default)
    {
        var fenced = await inner.FenceAsync(channel, epoch, cancellationToken);
        _fenced = true;
        return fenced;
    }

    public Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default) => inner.VouchAsync(channel, seen, cancellationToken);

    public Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default) => inner.ReadAsync(channel, since, cancellationToken);

    public async Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default) =>
        _fenced ? await inner.HeadsAsync(channels, cancellationToken) : [.. channels.Select(_ => older)];

    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default) =>
        inner.SubscribeAsync(channel, onEntry, cancellationToken);
}
