using FanHub.Realtime.Redis;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Fans;

/// <summary>Registers the store of what is known of fans. <see cref="FanSessionOptions"/> must be registered.</summary>
internal static class FanProfileServices
{
    /// <summary>In Redis, shared by all nodes. A <see cref="RedisConnection"/> must be registered.</summary>
    public static IServiceCollection AddRedisFanProfiles(this IServiceCollection services) =>
        services.AddSingleton<IFanProfiles>(s => new RedisFanProfiles(s.GetRequiredService<RedisConnection>(), TokensLive(s)));

    /// <summary>In a file, for a server that runs alone.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="dataDirectory">Where the file is; created where missing.</param>
    public static IServiceCollection AddSqliteFanProfiles(this IServiceCollection services, string dataDirectory) =>
        services.AddSingleton<IFanProfiles>(s => new SqliteFanProfiles(dataDirectory, TokensLive(s), s.GetRequiredService<TimeProvider>()));

    private static TimeSpan TokensLive(IServiceProvider services) => services.GetRequiredService<IOptions<FanSessionOptions>>().Value.TokensLive;
}
