using System.Text;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Results.Board;
using FanHub.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FanHub.Tests.Server.Results.Board;

public sealed class BoardPublisherTests : IAsyncDisposable
{
    private readonly FaultyLog _log = new(EditorialHost.NewLog());
    private readonly CancellationTokenSource _end = new();
    private readonly BoardPublisher _publisher;
    private readonly Task _running;
    private int _attempts;

    public BoardPublisherTests()
    {
        _log.BeforeAppend = _ =>
        {
            Interlocked.Increment(ref _attempts);
            return null;
        };
        // A log takes its time: what is not awaited goes wrong.
        _log.HoldAppend = async _ => await Task.Yield();
        _publisher = new BoardPublisher(_log, "en", (_, _) => { }, TimeProvider.System, NullLogger.Instance);
        _running = _publisher.RunAsync(_end.Token);
    }

    [Fact]
    public async Task Every_version_of_an_item_is_appended_in_its_order()
    {
        _publisher.Publish([.. Enumerable.Range(1, 50).SelectMany(v => (BoardUpdate[])[Update("result:A", v, "unit.a", "sport.swm"), Update("result:B", v, "unit.b", "sport.swm")])]);
        await Eventually.TrueAsync(async () => (await VersionsAsync("sport.swm", "result:B")).Count == 50, "all is appended");

        foreach (var (channel, key) in ((string, string)[])[("unit.a", "result:A"), ("sport.swm", "result:A"), ("unit.b", "result:B"), ("sport.swm", "result:B")])
        {
            (await VersionsAsync(channel, key)).ShouldBe(Enumerable.Range(1, 50).Select(v => (long)v));
        }
    }

    [Fact]
    public async Task While_the_live_side_is_away_versions_wait_and_then_all_go_out()
    {
        _log.Away = true;
        _publisher.Publish([Update("result:A", 1, "unit.a"), Update("result:A", 2, "unit.a")]);
        await Eventually.TrueAsync(() => Volatile.Read(ref _attempts) > 1, "it tries again");
        _publisher.TakePublished().ShouldBeEmpty();

        _log.Away = false;
        await Eventually.TrueAsync(async () => (await VersionsAsync("unit.a", "result:A")).Count == 2, "both are appended");
        (await VersionsAsync("unit.a", "result:A")).ShouldBe([1, 2]);
        var published = new List<KeyValuePair<string, long>>();
        await Eventually.TrueAsync(
            () =>
            {
                published.AddRange(_publisher.TakePublished());
                return published.Count > 0 && published[^1].Value == 2;
            },
            "it is noted");
    }

    [Fact]
    public async Task When_too_much_waits_the_newest_version_of_each_item_stays()
    {
        _log.Away = true;
        _publisher.Publish([Update("result:first", 1, "unit.first")]);
        await Eventually.TrueAsync(() => Volatile.Read(ref _attempts) > 0, "it tries");
        _publisher.Publish([.. Enumerable.Range(1, BoardPublisher.MaxWaiting).Select(v => Update("result:A", v, "unit.a")), Update("result:B", 1, "unit.b")]);

        _log.Away = false;
        await Eventually.TrueAsync(async () => (await VersionsAsync("unit.b", "result:B")).Count > 0 && (await VersionsAsync("unit.a", "result:A")).Count > 0, "what stayed is appended");
        (await VersionsAsync("unit.a", "result:A")).ShouldBe([BoardPublisher.MaxWaiting]);
    }

    [Fact]
    public async Task One_item_that_no_log_takes_does_not_hold_up_the_others()
    {
        _publisher.Publish([Update("result:large", 1, "unit.a") with { Data = new byte[Item.MaxDataBytes + 1] }, Update("result:A", 1, "unit.a")]);

        await Eventually.TrueAsync(async () => (await VersionsAsync("unit.a", "result:A")).Count > 0, "the other one is appended");
        (await VersionsAsync("unit.a", "result:large")).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    /// <summary>The versions of an item that the channel's log has, in their order.</summary>
    private async Task<IReadOnlyList<long>> VersionsAsync(string channel, string key) =>
        [.. ((await _log.Inner.ReadAsync(channel))?.Logged ?? []).Where(e => e.Item.Key == key).Select(e => e.Item.Version)];

    private static BoardUpdate Update(string key, long version, params string[] channels) => new()
    {
        Key = key,
        Kind = ItemKinds.Result,
        Version = version,
        At = DateTimeOffset.UnixEpoch,
        Data = Encoding.UTF8.GetBytes("{}"),
        Channels = channels,
        LeftChannels = [],
    };
}
