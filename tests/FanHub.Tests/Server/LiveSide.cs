using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Leaderboards;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server;

/// <summary>What nodes meet in: the channels, the ballots, the leaderboards, and what is known of fans.</summary>
internal interface ILiveSide
{
    /// <summary>Whether it is there for other nodes too.</summary>
    bool IsShared { get; }

    /// <param name="services">Where to register it.</param>
    /// <param name="directory">Where its files are, if it has any.</param>
    /// <param name="box">Wraps the ballot box.</param>
    void AddTo(IServiceCollection services, string directory, Func<IBallotBox, IBallotBox>? box = null);
}

/// <summary>That of a server which runs alone: files, and channels in memory, which outlive the host where the test wants it.</summary>
internal sealed class EmbeddedSide(IChannelLog log) : ILiveSide
{
    public bool IsShared => false;

    public void AddTo(IServiceCollection services, string directory, Func<IBallotBox, IBallotBox>? box = null)
    {
        services.AddSingleton(log);
        services.AddSingleton(provider =>
        {
            IBallotBox real = new SqliteBallotBox(directory, provider.GetRequiredService<TimeProvider>());
            return box is null ? real : box(real);
        });
        services.AddSqliteLeaderboards(directory);
        services.AddSqliteFanProfiles(directory);
    }
}

/// <summary>That of nodes which share a Redis.</summary>
/// <param name="redis">The node's connection; whoever opened it closes it.</param>
internal sealed class RedisSide(RedisConnection redis) : ILiveSide
{
    public bool IsShared => true;

    public void AddTo(IServiceCollection services, string directory, Func<IBallotBox, IBallotBox>? box = null)
    {
        services.AddSingleton(redis);
        services.AddSingleton<IChannelLog, RedisChannelLog>();
        services.AddSingleton(provider =>
        {
            IBallotBox real = new RedisBallotBox(redis, provider.GetRequiredService<TimeProvider>());
            return box is null ? real : box(real);
        });
        services.AddRedisLeaderboards();
        services.AddRedisFanProfiles();
    }
}
