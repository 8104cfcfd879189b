using FanHub.Realtime.Redis;
using FanHub.Server.Leaderboards;
using FanHub.Tests.Contracts;

namespace FanHub.Tests.Server.Leaderboards;

public sealed class RedisLeaderboardTests(RedisFixture redis) : LeaderboardContract
{
    private readonly string _prefix = redis.FreshPrefix();
    private readonly List<RedisConnection> _connections = [];

    [Fact]
    public async Task A_removed_board_leaves_no_keys()
    {
        await AwardAsync("q1", new Award(1, 1, 1));
        await AwardAsync("q2", new Award(1, 1, 1));
        await Boards.NextVersionAsync("quiz-1");
        (await KeysAsync()).ShouldBe(5);

        await Boards.RemoveAsync("quiz-1");

        (await KeysAsync()).ShouldBe(0);
    }

    private protected override async Task<ILeaderboard> OpenAsync()
    {
        var connection = await redis.ConnectAsync(_prefix);
        _connections.Add(connection);
        return new RedisLeaderboard(connection);
    }

    private protected override Task<ILeaderboard> OpenAnotherAsync() => OpenAsync();

    private protected override async Task CloseAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<int> KeysAsync() => ((string[])await _connections[0].Database.ExecuteAsync("KEYS", $"{_prefix}:*")).Length;
}
