using FanHub.Server.Hosting;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Editors;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Rehearsals;
using FanHub.Server.Storage;

namespace FanHub.Server.Results;

/// <summary>Live results: what comes in, and the API that editors watch it through.</summary>
internal static class ResultServices
{
    /// <summary>Adds them. Needs storage.</summary>
    public static IHostApplicationBuilder AddResults(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddValidated<FeedOptions>(FeedOptions.Section);
        services.AddSingleton<FeedSignal>();
        services.AddSingleton<FeedWriteTurn>();
        services.AddSingleton<FeedGate>();
        services.AddSingleton<FeedInbox>();
        services.AddSingleton<FeedSweeper>();
        services.AddSingleton<FeedLeases>();
        services.AddSingleton<FeedOutcomes>();
        services.AddHostedService(provider => provider.GetRequiredService<FeedInbox>());
        services.AddHostedService(provider => provider.GetRequiredService<FeedSweeper>());
        services.AddHostedService<FeedWorker>();
        services.AddSingleton<ILiveContent, BoardLiveItems>();
        services.AddSingleton<RehearsalStage>();
        services.AddHostedService(provider => provider.GetRequiredService<RehearsalStage>());
        return builder;
    }

    /// <summary>Maps the way in, and what editors have of it.</summary>
    /// <param name="app">Where feeds send to: they have a key of their own.</param>
    /// <param name="admin">The admin API.</param>
    public static void MapResults(this IEndpointRouteBuilder app, IEndpointRouteBuilder admin)
    {
        app.MapReceiveMessage();
        admin.MapFeeds();
        admin.MapEditorsResults();
        admin.MapRehearsals();
    }
}
