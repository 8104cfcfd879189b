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
        (await KeysAsync()).ShouldBe(7);

        await Boards.RemoveAsync("quiz-1");

        (await KeysAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_store_that_has_lost_the_last_points_is_told_as_it_is_and_not_as_this_node_remembers_it()
    {
        await AwardAsync("q1", new Award(1, 5, 5), new Award(5000, 7, 7));
        var keys = await KeyNamesAsync();
        var dumps = await Task.WhenAll(keys.Select(key => _connections[0].Database.KeyDumpAsync(key)));
        await AwardAsync("q2", new Award(1, 100, 0), new Award(9000, 1, 1));
        (await Boards.CountAsync("quiz-1")).ShouldBe(3);

        // As a replica that took over without having heard of the last chunk; then other points come, up to the very revision that was lost.
        foreach (var key in await KeyNamesAsync())
        {
            await _connections[0].Database.KeyDeleteAsync(key);
        }

        for (var i = 0; i < keys.Length; i++)
        {
            await _connections[0].Database.KeyRestoreAsync(keys[i], dumps[i]);
        }

        (await AllAsync("quiz-1")).ShouldBe([new RankedFan(1, 5000, 7, 7), new RankedFan(2, 1, 5, 5)]);
        await AwardAsync("q3", new Award(5000, 0, 1), new Award(9000, 2, 2));
        (await AllAsync("quiz-1")).ShouldBe([new RankedFan(1, 5000, 7, 8), new RankedFan(2, 1, 5, 5), new RankedFan(3, 9000, 2, 2)]);
    }

    [Fact]
    public async Task A_node_that_did_not_look_while_points_were_lost_and_others_came_is_not_misled()
    {
        var other = await OpenAnotherAsync();
        await AwardAsync("q1", new Award(1, 5, 5), new Award(5000, 7, 7));
        var keys = await KeyNamesAsync();
        var dumps = await Task.WhenAll(keys.Select(key => _connections[0].Database.KeyDumpAsync(key)));
        await AwardAsync("q2", new Award(1, 100, 0));
        (await other.FindAsync("quiz-1", 1)).ShouldBe(new StandingRow(105, 5, 1));

        foreach (var key in await KeyNamesAsync())
        {
            await _connections[0].Database.KeyDeleteAsync(key);
        }

        for (var i = 0; i < keys.Length; i++)
        {
            await _connections[0].Database.KeyRestoreAsync(keys[i], dumps[i]);
        }

        await AwardAsync("q3", new Award(5000, 1, 0), new Award(9000, 2, 2));

        (await other.FindAsync("quiz-1", 1)).ShouldBe(new StandingRow(5, 5, 2));
    }

    [Fact]
    public async Task Chunks_of_many_sources_for_the_same_fans_all_count_whoever_sends_them_at_the_same_time()
    {
        var other = await OpenAnotherAsync();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
            (await (i % 2 == 0 ? Boards : other).AwardAsync("quiz-1", new AwardChunk($"q{i}", 0, 0, 1, [.. Enumerable.Range(0, 300).Select(fan => new Award(fan * 7, 1, 1))]))).Applied.ShouldBeTrue())));

        (await AllAsync("quiz-1")).ShouldBe(Enumerable.Range(0, 300).Select(fan => new RankedFan(1, fan * 7, 60, 60)));
    }

    [Fact]
    public async Task More_pages_than_one_reading_brings_are_all_read()
    {
        var awards = Enumerable.Range(0, 300).Select(page => new Award(page * 1024L, page, 0)).ToArray();
        await AwardAsync("q1", awards);
        (await AllAsync("quiz-1")).ShouldBe(awards.Reverse().Select((a, i) => new RankedFan(i + 1, a.Fan, a.Points, 0)));
        await AwardAsync("q2", awards[^1] with { Points = -299 });
        (await Boards.FindAsync("quiz-1", awards[^1].Fan)).ShouldBe(new StandingRow(0, 0, 299));
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

    private async Task<int> KeysAsync() => (await KeyNamesAsync()).Length;

    private async Task<string[]> KeyNamesAsync() => (string[])await _connections[0].Database.ExecuteAsync("KEYS", $"{_prefix}:*");
}
