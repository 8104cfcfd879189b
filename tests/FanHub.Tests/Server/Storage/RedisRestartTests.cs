using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Storage;

/// <summary>Who knows, after Redis was started again, whether the channels' logs are what they were.</summary>
public sealed class RedisRestartTests() : EditorialTests(Sqlite), IAsyncLifetime
{
    private RedisServer _server = null!;
    private RedisConnection _redis = null!;
    private RedisChannelLog _log = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        _redis = await RedisConnection.OpenAsync(_server.ConnectionString, "t");
        _log = new RedisChannelLog(_redis, Options.Create(new ChannelOptions()), NullLogger<RedisChannelLog>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_editor_node_that_starts_while_Redis_has_gone_on_begins_no_new_epoch()
    {
        var place = await NewPlaceAsync();
        ChannelHead before;
        await using (var host = await StartAsync(place, _log))
        {
            await host.DoAsync(await host.NewPollAsync(), "open");
            before = await HeadAsync();
        }

        await using var again = await StartAsync(place, _log);
        await again.Services.GetRequiredService<LiveStateRebuilder>().Rebuilt.WaitAsync(TimeSpan.FromSeconds(10));
        (await HeadAsync()).Epoch.ShouldBe(before.Epoch);
        again.Logs.Lines.ShouldNotContain(l => l.Contains("start again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_editor_node_that_starts_after_Redis_was_started_again_begins_new_epochs_before_it_publishes()
    {
        var place = await NewPlaceAsync();
        ChannelHead before;
        string open, draft;
        await using (var host = await StartAsync(place, _log))
        {
            open = await host.NewPollAsync();
            draft = await host.NewPollAsync();
            await host.DoAsync(open, "open");
            before = await HeadAsync();
        }

        await RestartRedisAsync();
        await using var again = await StartAsync(place, _log);
        await again.Services.GetRequiredService<LiveStateRebuilder>().Rebuilt.WaitAsync(TimeSpan.FromSeconds(10));
        (await HeadAsync()).Epoch.ShouldNotBe(before.Epoch);
        again.Logs.Lines.ShouldContain(l => l.Contains("1 channels start again", StringComparison.Ordinal));

        await again.DoAsync(draft, "open");
        (await _log.ReadAsync("c", new Position(before.Epoch, before.Offset)))!.Recovered.ShouldBeFalse();
        (await again.ItemAsync($"poll:{open}")).ShouldNotBeNull();
        (await again.ItemAsync($"poll:{draft}")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Two_editor_nodes_that_start_together_after_Redis_was_started_again_begin_one_new_epoch()
    {
        var places = new[] { await NewPlaceAsync(), await NewPlaceAsync() };
        foreach (var place in places)
        {
            await using var host = await StartAsync(place, _log);
            await host.DoAsync(await host.NewPollAsync(), "open");
        }

        await RestartRedisAsync();
        var hosts = await Task.WhenAll(places.Select(p => StartAsync(p, _log)));
        await Task.WhenAll(hosts.Select(h => h.Services.GetRequiredService<LiveStateRebuilder>().Rebuilt.WaitAsync(TimeSpan.FromSeconds(10))));
        hosts.Count(h => h.Logs.Lines.Any(l => l.Contains("1 channels start again", StringComparison.Ordinal))).ShouldBe(1);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_an_editor_node_saw_go_on_over_a_restart_of_Redis_is_vouched_for_to_those_who_start_later()
    {
        var place = await NewPlaceAsync();
        ChannelHead before;
        await using (var host = await StartAsync(place, _log))
        {
            await host.DoAsync(await host.NewPollAsync(), "open");
            before = await HeadAsync();
            var life = await LifeAsync();
            await _server.KillAsync();
            await Eventually.TrueAsync(() => host.Logs.Lines.Any(l => l.Contains("could not be compared", StringComparison.Ordinal)), "the node notices that Redis is away");
            await _server.StartAsync();
            await Eventually.TrueAsync(async () => await LifeAsync() != life, "the node vouches for the channel");
        }

        await using var again = await StartAsync(place, _log);
        await again.Services.GetRequiredService<LiveStateRebuilder>().Rebuilt.WaitAsync(TimeSpan.FromSeconds(10));
        (await HeadAsync()).Epoch.ShouldBe(before.Epoch);
    }

    [Fact]
    public async Task A_restart_that_was_too_quick_to_be_noticed_is_vouched_for_within_a_minute()
    {
        var place = await NewPlaceAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(place, _log, time: time);
        await host.PutAsync("channels/c", Bodies.Channel);
        await host.PublishedAsync();
        var rebuilder = host.Services.GetRequiredService<LiveStateRebuilder>();
        await rebuilder.RebuildAsync(TestContext.Current.CancellationToken);
        var before = await HeadAsync();
        var life = await LifeAsync();

        await RestartRedisAsync();
        await rebuilder.RebuildAsync(TestContext.Current.CancellationToken);
        (await LifeAsync()).ShouldBe(life, "what is cheap is done each time; this is not");
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () => await LifeAsync() != life, "the node vouches for the channel");
        (await HeadAsync()).ShouldBe(before);
    }

    private async Task RestartRedisAsync()
    {
        await _server.KillAsync();
        await _server.StartAsync();
        await Eventually.GetAsync(() => _log.HeadsAsync(["c"]));
    }

    private async Task<ChannelHead> HeadAsync() => (await _log.HeadsAsync(["c"]))[0]!;

    private Task<string> LifeAsync() => _server.CommandAsync("HGET", _redis.Keys.ChannelHead("c"), "life");
}
