using FanHub.Realtime.Redis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FanHub.Realtime.Backplane;

/// <summary>Joins the nodes of a deployment.</summary>
public static class RedisBackplaneServices
{
    /// <summary>
    /// Lets hubs reach the connections of all nodes through Redis, in the place of <c>AddStackExchangeRedis</c> of SignalR's own package, which registers the same service.
    /// </summary>
    /// <param name="signalr">What <c>AddSignalR</c> returned.</param>
    /// <param name="redis">The connection to Redis; it stays the caller's.</param>
    /// <param name="configure">Sets options.</param>
    public static ISignalRServerBuilder AddFanHubRedis(this ISignalRServerBuilder signalr, RedisConnection redis, Action<BackplaneOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(signalr);
        ArgumentNullException.ThrowIfNull(redis);
        // As an instance, which the container does not close: it is not its own.
        signalr.Services.TryAddSingleton(redis);
        signalr.Services.TryAddSingleton(TimeProvider.System);
        signalr.Services.AddOptions<BackplaneOptions>().Configure(o => configure?.Invoke(o)).ValidateDataAnnotations().ValidateOnStart();
        signalr.Services.AddSingleton(typeof(HubLifetimeManager<>), typeof(RedisHubLifetimeManager<>));
        return signalr;
    }
}
