using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Realtime.Fanout;

/// <summary>Lets a hub's connections follow channels.</summary>
public static class FanoutServices
{
    /// <summary>Puts <see cref="FanLifetimeManager{THub}"/> before the manager that all hubs have: SignalR's own for one process, or the one of a backplane.</summary>
    /// <typeparam name="THub">The hub.</typeparam>
    /// <param name="signalr">What <c>AddSignalR</c> returned; a backplane may be added before or after.</param>
    public static ISignalRServerBuilder AddFanConnections<THub>(this ISignalRServerBuilder signalr)
        where THub : Hub
    {
        ArgumentNullException.ThrowIfNull(signalr);
        var services = signalr.Services;
        services.AddSingleton<HubLifetimeManager<THub>>(provider =>
        {
            var all = services.Last(s => s.ServiceType == typeof(HubLifetimeManager<>)).ImplementationType!;
            var inner = (HubLifetimeManager<THub>)ActivatorUtilities.CreateInstance(provider, all.MakeGenericType(typeof(THub)));
            return ActivatorUtilities.CreateInstance<FanLifetimeManager<THub>>(provider, inner);
        });
        return signalr;
    }
}
