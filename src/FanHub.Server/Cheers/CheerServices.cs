using FanHub.Server.Storage;

namespace FanHub.Server.Cheers;

/// <summary>What cheering needs, on nodes of either role.</summary>
internal static class CheerServices
{
    /// <summary>Adds what editors' nodes need beside the commands.</summary>
    public static void AddReactions(this IServiceCollection services) => services.AddSingleton<ILiveContent, ReactionsLiveItems>();

    /// <summary>Adds what counts fans' cheers. Needs an <see cref="ICheerBoard"/>.</summary>
    public static void AddCheers(this IServiceCollection services)
    {
        services.AddSingleton<CheerTaps>();
        services.AddSingleton<CountCheers>();
        services.AddHostedService<PublishCheers>();
    }
}
