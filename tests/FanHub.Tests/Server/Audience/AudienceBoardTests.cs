using FanHub.Contracts;
using FanHub.Realtime.Redis;
using FanHub.Server.Audience;
using FanHub.Testing;

namespace FanHub.Tests.Server.Audience;

/// <summary>What every board promises.</summary>
public abstract class AudienceBoardContract : IAsyncLifetime
{
    private IAudienceBoard _board = null!;

    public async ValueTask InitializeAsync() => _board = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    internal abstract Task<IAudienceBoard> OpenAsync();

    [Fact]
    public async Task The_sum_is_that_of_the_last_report_of_every_node()
    {
        await _board.ReportAsync(Report("b", 5, ("medals", 3, "fr")));
        await _board.ReportAsync(Report("a", 9, ("medals", 7, "fr"), ("demo", 1, "")));
        var reading = await _board.ReportAsync(Report("b", 4, ("medals", 2, "de")));

        reading.Nodes.Select(n => (n.Node, n.Connections)).ShouldBe([("a", 9), ("b", 4)]);
        reading.Channels["medals"].Followers.ShouldBe(9);
        reading.Channels["medals"].Languages.ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["de"] = 2, ["fr"] = 7 }, ignoreOrder: true);
        reading.Channels["demo"].Followers.ShouldBe(1);
        reading.Channels["demo"].Languages.ShouldBeEmpty();
        (await _board.ReadAsync()).Nodes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_leaves_counts_no_longer()
    {
        await _board.ReportAsync(Report("a", 1, ("medals", 1, "")));
        await _board.RemoveAsync("a");
        await _board.RemoveAsync("never there");
        (await _board.ReadAsync()).Nodes.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_clock_does_not_go_back()
    {
        var first = (await _board.ReadAsync()).At;
        (await _board.ReadAsync()).At.ShouldBeGreaterThanOrEqualTo(first);
    }

    internal static NodeAudience Report(string node, int connections, params (string Channel, int Followers, string Language)[] channels) => new(
        node,
        connections,
        channels.ToDictionary(
            c => c.Channel,
            c => new AudienceItem { Followers = c.Followers, Languages = c.Language.Length == 0 ? new Dictionary<string, int>(StringComparer.Ordinal) : new(StringComparer.Ordinal) { [c.Language] = c.Followers } },
            StringComparer.Ordinal));
}

public sealed class InProcessAudienceBoardTests : AudienceBoardContract
{
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal override Task<IAudienceBoard> OpenAsync() => Task.FromResult<IAudienceBoard>(new InProcessAudienceBoard(TimeProvider.System));

    [Fact]
    public async Task A_report_that_is_not_renewed_is_forgotten()
    {
        var time = new ManualTime();
        var board = new InProcessAudienceBoard(time);
        await board.ReportAsync(Report("dead", 1, ("medals", 1, "")));
        time.Now += IAudienceBoard.KeptFor + TimeSpan.FromSeconds(1);
        (await board.ReadAsync()).Nodes.ShouldBeEmpty();
    }

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

public sealed class RedisAudienceBoardTests(RedisFixture fixture) : AudienceBoardContract
{
    private RedisConnection? _redis;

    public override async ValueTask DisposeAsync() => await _redis!.DisposeAsync();

    internal override async Task<IAudienceBoard> OpenAsync()
    {
        _redis = await fixture.ConnectAsync();
        return new RedisAudienceBoard(_redis);
    }

    [Fact]
    public async Task A_report_that_is_not_renewed_is_forgotten()
    {
        var board = new RedisAudienceBoard(_redis!);
        await board.ReportAsync(Report("dead", 1, ("medals", 1, "")));
        await board.ReportAsync(Report("alive", 1, ("medals", 1, "")));
        // As if it had been put up long ago, by Redis's own clock.
        await _redis!.Database.SortedSetAddAsync(_redis.Keys.AudienceTimes, "dead", 1);
        (await board.ReadAsync()).Nodes.ShouldHaveSingleItem().Node.ShouldBe("alive");
    }

    [Fact]
    public async Task A_Redis_that_is_away_is_told()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        await server.KillAsync();
        await Should.ThrowAsync<FanHub.Realtime.Channels.LogUnavailableException>(() => new RedisAudienceBoard(redis).ReadAsync());
    }
}
