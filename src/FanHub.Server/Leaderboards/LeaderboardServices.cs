using FanHub.Realtime.Redis;

namespace FanHub.Server.Leaderboards;

/// <summary>Registers the leaderboards.</summary>
internal static class LeaderboardServices
{
    /// <summary>Leaderboards in Redis, shared by all nodes. A <see cref="RedisConnection"/> must be registered.</summary>
    public static IServiceCollection AddRedisLeaderboards(this IServiceCollection services) => services.AddSingleton<ILeaderboard, RedisLeaderboard>();

    /// <summary>Leaderboards in a file, for a server that runs alone.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="dataDirectory">Where the file is; created where missing.</param>
    public static IServiceCollection AddSqliteLeaderboards(this IServiceCollection services, string dataDirectory) =>
        services.AddSingleton<ILeaderboard>(_ => new SqliteLeaderboard(dataDirectory));
}
