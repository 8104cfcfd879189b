using FanHub.Realtime.Backplane;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Realtime.Redis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>A hub without methods.</summary>
internal sealed class EmptyHub : Hub;

/// <summary>What a node has of SignalR, put together as an application does it, without a server.</summary>
internal sealed class BackplaneNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="redis">Null for the manager of a single process. Disposed of with the node.</param>
    /// <param name="configure">Backplane options.</param>
    /// <param name="fans">Whether connections can follow channels.</param>
    /// <param name="services">More services.</param>
    public BackplaneNode(RedisConnection? redis = null, Action<BackplaneOptions>? configure = null, bool fans = false, Action<IServiceCollection>? services = null)
    {
        Redis = redis;
        var collection = new ServiceCollection();
        collection.AddLogging();
        services?.Invoke(collection);
        var signalr = collection.AddSignalR();
        if (redis is not null)
        {
            signalr.AddFanHubRedis(redis, o =>
            {
                o.AnswerTimeout = TimeSpan.FromSeconds(3);
                configure?.Invoke(o);
            });
        }

        if (fans)
        {
            collection.AddSingleton(TimeProvider.System);
            collection.AddSingleton<IChannelLog, InMemoryChannelLog>();
            collection.AddSingleton<FanConnections>();
            collection.AddSingleton<ChannelRelay>();
            signalr.AddFanConnections<EmptyHub>();
        }

        _services = collection.BuildServiceProvider();
        Manager = _services.GetRequiredService<HubLifetimeManager<EmptyHub>>();
    }

    public HubLifetimeManager<EmptyHub> Manager { get; }

    public RedisConnection? Redis { get; }

    public async Task<HubClient> ConnectAsync(string? user = null, bool broken = false)
    {
        var client = new HubClient(user, broken: broken);
        await ConnectAsync(client);
        return client;
    }

    public Task ConnectAsync(HubClient client) => Manager.OnConnectedAsync(client.Connection).Within();

    /// <summary>As SignalR does it when a connection ends.</summary>
    public Task DisconnectAsync(HubClient client)
    {
        client.Connection.Abort();
        return Manager.OnDisconnectedAsync(client.Connection).Within();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }
    }
}
