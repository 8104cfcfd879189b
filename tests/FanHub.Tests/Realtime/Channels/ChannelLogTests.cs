using FanHub.Contracts;
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

    [Theory]
    [InlineData("created")]
    [InlineData("appended")]
    [InlineData("fenced")]
    public async Task After_a_restart_of_Redis_a_channel_that_nobody_vouches_for_begins_a_new_epoch_once(string how)
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var log = new RedisChannelLog(redis, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<RedisChannelLog>.Instance);
        if (how == "created")
        {
            await log.CreateAsync("medals");
        }
        else
        {
            await log.AppendAsync("medals", Logged("poll:1", 1));
        }

        if (how == "fenced")
        {
            await log.FenceAsync("medals", (await log.HeadsAsync(["medals"]))[0]!.Epoch);
        }

        var before = (await log.ReadAsync("medals"))!;
        await server.KillAsync();
        await server.StartAsync();

        var begun = await Eventually.GetAsync(() => Task.WhenAll(log.VouchAsync("medals", null), log.VouchAsync("medals", null)));
        begun.Count(b => b).ShouldBe(1);
        (await log.VouchAsync("medals", null)).ShouldBeFalse();
        var after = (await log.ReadAsync("medals", new Position(before.Head.Epoch, before.Head.Offset)))!;
        after.Recovered.ShouldBeFalse();
        after.Logged.ShouldBeEmpty();
        after.Head.ShouldBe(before.Head with { Epoch = after.Head.Epoch });
        after.Head.Epoch.ShouldNotBe(before.Head.Epoch);
        after.Items.Select(e => e.Item.Key).ShouldBe(before.Items.Select(e => e.Item.Key));
    }

    [Theory]
    [InlineData("as it was", false)]
    [InlineData("further", false)]
    [InlineData("without an update", true)]
    [InlineData("without a latest update", true)]
    [InlineData("of another epoch", true)]
    public async Task After_a_restart_of_Redis_a_channel_goes_on_if_it_has_all_that_was_seen_of_it(string how, bool begins)
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var log = new RedisChannelLog(redis, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<RedisChannelLog>.Instance);
        await log.AppendAsync("medals", Logged("poll:1", 1));
        var head = (await log.HeadsAsync(["medals"]))[0]!;
        var seen = how switch
        {
            "without an update" => head with { Offset = head.Offset + 1 },
            "without a latest update" => head with { Revision = head.Revision + 1 },
            "of another epoch" => head with { Epoch = "another" },
            "further" => head with { Revision = 0 },
            _ => head,
        };
        await server.KillAsync();
        await server.StartAsync();

        (await Eventually.GetAsync(() => log.VouchAsync("medals", seen))).ShouldBe(begins);

        // Said once, it holds for everybody, whatever they have seen.
        (await log.VouchAsync("medals", null)).ShouldBeFalse();
        (await log.ReadAsync("medals", new Position(head.Epoch, 1)))!.Recovered.ShouldBe(!begins);
        (await log.AppendAsync("medals", Logged("poll:2", 1))).Offset.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_restart_of_Redis_a_channel_that_a_node_has_fenced_off_begins_no_second_epoch()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var log = new RedisChannelLog(redis, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<RedisChannelLog>.Instance);
        var epoch = (await log.AppendAsync("medals", Logged("poll:1", 1))).Epoch;
        await server.KillAsync();
        await server.StartAsync();

        (await Eventually.GetAsync(() => log.FenceAsync("medals", epoch))).ShouldBeTrue();
        (await log.VouchAsync("medals", null)).ShouldBeFalse();
    }

    [Fact]
    public async Task In_a_cluster_heads_are_found_and_a_channel_has_the_life_of_the_server_that_keeps_it()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await using var redis = await RedisConnection.OpenAsync(cluster.ConnectionString, "t");
        var log = new RedisChannelLog(redis, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<RedisChannelLog>.Instance);
        var channels = Enumerable.Range(0, 30).Select(i => $"c{i}").ToList();
        await Task.WhenAll(channels.Select(c => log.AppendAsync(c, Logged("poll:1", 1))));
        (await log.HeadsAsync(["none", .. channels])).Select(h => h?.Offset).ShouldBe([null, .. channels.Select(_ => (long?)1)]);

        var lives = new HashSet<string>(StringComparer.Ordinal);
        foreach (var channel in channels)
        {
            (await log.VouchAsync(channel, null)).ShouldBeFalse();
            lives.Add((await redis.Database.HashGetAsync(redis.Keys.ChannelHead(channel), "life"))!);
        }

        lives.Count.ShouldBe(cluster.Servers.Count, "channels are spread over all servers");

        // A server that has taken the place of another one finds the other's life in what it has copied.
        await redis.Database.HashSetAsync(redis.Keys.ChannelHead("c0"), "life", "another");
        (await log.VouchAsync("c0", null)).ShouldBeTrue();
        lives.ShouldContain((await redis.Database.HashGetAsync(redis.Keys.ChannelHead("c0"), "life")).ToString());
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
