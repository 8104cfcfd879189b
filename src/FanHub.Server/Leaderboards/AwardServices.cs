namespace FanHub.Server.Leaderboards;

/// <summary>Points, for editor nodes.</summary>
internal static class AwardServices
{
    /// <summary>Adds what gives them. Needs <see cref="ILeaderboard"/>, names and storage.</summary>
    public static void AddAwards(this IServiceCollection services)
    {
        services.AddSingleton<AwardSignal>();
        services.AddSingleton<GiveAwards>();
        services.AddSingleton<LeaderboardItems>();
        services.AddHostedService<AwardWorker>();
        services.AddHostedService<HideForgotten>();
    }
}
