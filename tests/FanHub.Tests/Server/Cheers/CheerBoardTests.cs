using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using FanHub.Server.Cheers;
using FanHub.Testing;
using FanHub.Tests.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Cheers;

public sealed class InProcessCheerBoardTests : CheerBoardContract
{
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal override Task<ICheerBoard> OpenAsync() => Task.FromResult<ICheerBoard>(new InProcessCheerBoard(TimeProvider.System));

    [Fact]
    public async Task A_sum_that_nobody_takes_is_forgotten()
    {
        var time = new FakeTimeProvider();
        var board = new InProcessCheerBoard(time);
        await board.AddAsync("medals", Taps(("fire", 1)));
        time.Advance(ICheerBoard.KeptFor + TimeSpan.FromSeconds(2));
        (await board.AddAsync("medals", Taps(("fire", 1)))).Sums.ShouldBeEmpty();
    }
}

public sealed class RedisCheerBoardTests(RedisFixture fixture) : CheerBoardContract
{
    private RedisConnection? _redis;

    public override async ValueTask DisposeAsync() => await _redis!.DisposeAsync();

    internal override async Task<ICheerBoard> OpenAsync()
    {
        _redis = await fixture.ConnectAsync();
        return new RedisCheerBoard(_redis);
    }

    [Fact]
    public async Task A_sum_that_nobody_takes_is_forgotten()
    {
        var board = new RedisCheerBoard(_redis!);
        await board.AddAsync("medals", Taps(("fire", 1)));
        (await _redis!.Database.KeyTimeToLiveAsync(_redis.Keys.CheerSums("medals"))).ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(1), ICheerBoard.KeptFor);

        // As if it were of long ago, and somebody cheered on and on.
        await _redis.Database.HashSetAsync(_redis.Keys.CheerSums("medals"), "1000:fire", 5);
        (await board.AddAsync("medals", Taps(("fire", 1)))).Sums.ShouldAllBe(s => s.Second != 1000);
        (await _redis.Database.HashExistsAsync(_redis.Keys.CheerSums("medals"), "1000:fire")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_Redis_that_is_away_is_told()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        await server.KillAsync();
        await Should.ThrowAsync<LogUnavailableException>(() => new RedisCheerBoard(redis).AddAsync("medals", Taps(("fire", 1))));
    }
}
