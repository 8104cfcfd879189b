using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using FanHub.Testing;
using FanHub.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace FanHub.Tests.Realtime.Channels;

public sealed class InMemoryChannelLogTests : ChannelLogContract
{
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<IChannelLog> OpenAsync() =>
        Task.FromResult<IChannelLog>(new InMemoryChannelLog(Microsoft.Extensions.Options.Options.Create(Options), TimeProvider.System));
}

public sealed class RedisChannelLogTests(RedisFixture fixture) : ChannelLogContract
{
    private RedisConnection? _redis;

    public override async ValueTask DisposeAsync() => await _redis!.DisposeAsync();

    protected override async Task<IChannelLog> OpenAsync()
    {
        _redis = await fixture.ConnectAsync();
        return new RedisChannelLog(_redis, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<RedisChannelLog>.Instance);
    }

    [Fact]
    public async Task A_Redis_that_was_killed_and_started_again_has_lost_nothing_and_goes_on_counting()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.EverySecond });
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var log = new RedisChannelLog(redis, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<RedisChannelLog>.Instance);
        var first = await log.AppendAsync("medals", Logged("poll:1", 1), "outbox:1");

        await server.KillAsync();
        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendAsync("medals", Logged("poll:2", 1), "outbox:2"));
        await server.StartAsync();

        var second = await Eventually.GetAsync(() => log.AppendAsync("medals", Logged("poll:2", 1), "outbox:2"));
        second.Epoch.ShouldBe(first.Epoch);
        second.Offset.ShouldBe(2);
    }

    [Fact]
    public async Task A_Redis_that_does_not_answer_is_given_up_on_in_time()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var log = new RedisChannelLog(redis, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<RedisChannelLog>.Instance);
        await log.CreateAsync("medals");

        await server.PauseAsync();
        var append = log.AppendAsync("medals", Logged("poll:1", 1), "outbox:1");
        await Should.ThrowAsync<LogUnavailableException>(() => append.WaitAsync(TimeSpan.FromSeconds(10)));
        await server.ResumeAsync();

        // It may have been appended or not; under the same key it is there once.
        await Eventually.GetAsync(() => log.AppendAsync("medals", Logged("poll:1", 1), "outbox:1"));
        (await log.ReadAsync("medals"))!.Logged.ShouldHaveSingleItem();
    }
}
