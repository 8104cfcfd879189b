using FanHub.Realtime.Redis;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FanHub.Server.Ballots;

/// <summary>Registers the ballot box and the batcher in front of it.</summary>
internal static class BallotServices
{
    /// <summary>Ballots in Redis, shared by all nodes. A <see cref="RedisConnection"/> must be registered.</summary>
    public static IServiceCollection AddRedisBallots(this IServiceCollection services) =>
        services.AddSingleton<IBallotBox>(s => new RedisBallotBox(s.GetRequiredService<RedisConnection>(), s.GetRequiredService<TimeProvider>())).AddBatcher();

    /// <summary>Ballots in a file, for a server that runs alone.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="dataDirectory">Where the file is; created where missing.</param>
    public static IServiceCollection AddSqliteBallots(this IServiceCollection services, string dataDirectory) =>
        services.AddSingleton<IBallotBox>(s => new SqliteBallotBox(dataDirectory, s.GetRequiredService<TimeProvider>())).AddBatcher();

    private static IServiceCollection AddBatcher(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BallotBatcherOptions>().BindConfiguration(BallotBatcherOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<BallotBatcher>();
    }
}
