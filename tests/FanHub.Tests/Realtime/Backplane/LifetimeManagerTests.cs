using FanHub.Realtime.Redis;
using FanHub.Testing;

namespace FanHub.Tests.Realtime.Backplane;

public sealed class StockLifetimeManagerTests : LifetimeManagerContract
{
    private protected override Task<BackplaneNode> NewNodeAsync() => Task.FromResult(new BackplaneNode());
}

public sealed class FanLifetimeManagerTests : LifetimeManagerContract
{
    private protected override Task<BackplaneNode> NewNodeAsync() => Task.FromResult(new BackplaneNode(fans: true));
}

public abstract class OneRedisContract(RedisFixture redis) : ScaleOutContract
{
    private readonly string _prefix = redis.FreshPrefix();

    private protected virtual bool Fans => false;

    private protected override async Task<BackplaneNode> NewNodeAsync() => new(await redis.ConnectAsync(_prefix), fans: Fans);
}

public sealed class TwoNodesOnOneRedisTests(RedisFixture redis) : OneRedisContract(redis)
{
    private protected override int NodeCount => 2;
}

public sealed class ThreeNodesWithFansOnOneRedisTests(RedisFixture redis) : OneRedisContract(redis)
{
    private protected override int NodeCount => 3;

    private protected override bool Fans => true;
}

public sealed class ThreeNodesOnARedisClusterTests(RedisClusterFixture cluster) : ScaleOutContract, IClassFixture<RedisClusterFixture>
{
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    private protected override int NodeCount => 3;

    private protected override async Task<BackplaneNode> NewNodeAsync() => new(await RedisConnection.OpenAsync(cluster.Cluster.ConnectionString, _prefix));
}

public sealed class RedisClusterFixture : IAsyncLifetime
{
    public RedisCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await RedisCluster.StartNewAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
