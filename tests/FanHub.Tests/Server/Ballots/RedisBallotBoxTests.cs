using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using FanHub.Tests.Contracts;

namespace FanHub.Tests.Server.Ballots;

public sealed class RedisBallotBoxTests(RedisFixture redis) : BallotBoxContract
{
    private readonly string _prefix = redis.FreshPrefix();
    private readonly List<RedisConnection> _connections = [];

    private protected override async Task<IBallotBox> OpenAsync()
    {
        var connection = await redis.ConnectAsync(_prefix);
        _connections.Add(connection);
        return new RedisBallotBox(connection, TimeProvider.System);
    }

    private protected override Task<IBallotBox> OpenAnotherAsync() => OpenAsync();

    private protected override async Task CloseAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}
