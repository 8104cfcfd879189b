using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Server.Audience;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FanHub.Server.Live;

/// <summary>What fans connect to.</summary>
internal static class LiveServices
{
    /// <summary>Adds the hub and what it calls.</summary>
    public static void AddLiveHub(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSignalR(options =>
        {
            options.AddFilter<HubErrors>();
            // The protocol has a limit of its own, below this one, and says what it is. This one also bounds the handshake, which comes before any protocol.
            options.MaximumReceiveMessageSize = FanoutOptions.HighestMessageBytes;
        });
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<IHubProtocol, LiveHubProtocol>();
        services.AddSingleton<HubLifetimeManager<LiveHub>, FanLifetimeManager<LiveHub>>();
        services.AddSingleton<HubErrors>();

        services.AddSingletonAndStart<FanConnections>();
        services.AddSingletonAndStart<ChannelRelay>();
        services.AddSingletonAndStart<TallyPublisher>();
        services.AddHostedService<CountAudience>();
        services.AddSingletonAndStart<Drain>();
        services.AddSingleton<Interactions>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<CastVote>();
    }

    /// <summary>Turns fans away who come while the node drains.</summary>
    public static void UseDrain(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(HubMethods.Path, StringComparison.Ordinal),
        hub => hub.Use((context, next) =>
        {
            context.RequestServices.GetRequiredService<Drain>().ThrowIfDraining();
            return next(context);
        }));

    /// <summary>Serves the hub.</summary>
    public static void MapLiveHub(this IEndpointRouteBuilder app) =>
        app.MapHub<LiveHub>(HubMethods.Path, options =>
        {
            options.Transports = HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;
        });

    private static void AddSingletonAndStart<TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        services.AddSingleton<TService>();
        services.AddHostedService(provider => provider.GetRequiredService<TService>());
    }
}
