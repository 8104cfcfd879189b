using FanHub.Contracts;
using FanHub.Realtime.Backplane;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Realtime.Redis;
using FanHub.Realtime.WebSockets;
using FanHub.Server.Audience;
using FanHub.Server.Ballots;
using FanHub.Server.Cheers;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Quizzes;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FanHub.Server.Live;

/// <summary>What fans connect to.</summary>
internal static class LiveServices
{
    private const string NegotiatedId = "id";

    /// <summary>Adds the hub and what it calls.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="redis">Where nodes meet; null where there is only one.</param>
    public static void AddLiveHub(this WebApplicationBuilder builder, RedisConnection? redis)
    {
        var services = builder.Services;
        var signalr = services.AddSignalR(options =>
        {
            // The protocol has a limit of its own, below this one, and says what it is. This one also bounds the handshake, which comes before any protocol.
            options.MaximumReceiveMessageSize = FanoutOptions.HighestMessageBytes;
        });
        // Given as they are: a filter that is given by its type is looked up, and waited for in a method of its own, for every call.
        signalr.AddHubOptions<LiveHub>(static _ => { });
        services.AddOptions<HubOptions<LiveHub>>().Configure<HubErrors, RefuseForgotten>(static (options, errors, forgotten) =>
        {
            options.AddFilter(errors);
            options.AddFilter(forgotten);
        });
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<IHubProtocol, LiveHubProtocol>();
        signalr.AddFanConnections<LiveHub>();
        if (redis is not null)
        {
            services.AddOptions<BackplaneOptions>().BindConfiguration("FanHub:Backplane");
            signalr.AddFanHubRedis(redis);
        }

        services.AddSingletonAndStart<NodeLag>();
        services.AddSingleton<HubErrors>();
        services.AddSingleton<RefuseForgotten>();

        services.AddSingletonAndStart<FanConnections>();
        services.AddSingletonAndStart<ChannelRelay>();
        services.AddSingletonAndStart<TallyPublisher>();
        services.AddHostedService<CountAudience>();
        services.AddCheers();
        services.AddSingletonAndStart<Drain>();
        services.AddSingleton<Interactions>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<CastBallot>();
        services.AddSingleton<CastVote>();
        services.AddSingleton<CastAnswer>();
        services.AddSingleton<AskMoreTime>();
        services.AddSingleton<FindStanding>();
        services.AddSingleton<OwnBallots>();
    }

    /// <summary>Turns fans away who come while the node drains.</summary>
    public static void UseDrain(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(HubMethods.Path, StringComparison.Ordinal),
        hub => hub.Use((context, next) =>
        {
            context.RequestServices.GetRequiredService<Drain>().ThrowIfDraining();
            return next(context);
        }));

    /// <summary>
    /// Takes WebSockets left to SignalR (<see cref="UseLiveWebSockets"/> comes first) that were negotiated at another node, as happens behind a balancer without sticky sessions: what was agreed there is known there alone, and a
    /// WebSocket needs none of it. What was negotiated here and is not taken up is forgotten after a while.
    /// </summary>
    public static void UseNegotiatedElsewhere(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(HubMethods.Path, StringComparison.Ordinal)
            && string.Equals(context.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase)
            && context.Request.Query.ContainsKey(NegotiatedId))
        {
            context.Request.Query = new QueryCollection(context.Request.Query.Where(q => !string.Equals(q.Key, NegotiatedId, StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.OrdinalIgnoreCase));
        }

        return next(context);
    });

    /// <summary>Serves the hub's WebSockets, behind authorization.</summary>
    public static void UseLiveWebSockets(this IApplicationBuilder app) => app.UseWebSocketHub<LiveHub>(HubMethods.Path);

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
