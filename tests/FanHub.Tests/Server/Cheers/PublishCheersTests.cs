using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Cheers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Cheers;

/// <summary>Several nodes on one board and one log, each at its own moment of the second.</summary>
public sealed class PublishCheersTests : IAsyncLifetime
{
    private const string Channel = "medals";
    private static readonly DateTimeOffset Start = new(2028, 7, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly FaultyLog _log = new(EditorialHost.NewLog());
    private readonly List<LogEntry> _published = [];
    private ICheerBoard _board = null!;
    private IAsyncDisposable _subscription = null!;

    public async ValueTask InitializeAsync()
    {
        _board = new InProcessCheerBoard(_time);
        await _log.CreateAsync(Channel);
        _subscription = await _log.SubscribeAsync(Channel, _published.Add);
    }

    public ValueTask DisposeAsync() => _subscription.DisposeAsync();

    [Fact]
    public async Task The_taps_of_a_second_are_published_once_over_all_nodes_and_nothing_where_nobody_cheers()
    {
        var (first, second) = (new Node(this), new Node(this));
        first.Taps.Of(Channel).Add("fire", 3);
        first.Taps.Of(Channel).Add("clap", 1);
        second.Taps.Of(Channel).Add("fire", 4);
        for (var i = 0; i < 5; i++)
        {
            await first.Publisher.TickAsync(CancellationToken.None);
            await second.Publisher.TickAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var item = _published.ShouldHaveSingleItem().Item;
        item.Key.ShouldBe("cheer:medals");
        item.Kind.ShouldBe(ItemKinds.Cheer);
        item.Class.ShouldBe(DeliveryClass.Fleeting);
        item.At.ShouldBe(Start.AddSeconds(1));
        var cheer = JsonSerializer.Deserialize<CheerItem>(item.Data.Span, WireJson.Options)!;
        cheer.Of.ShouldBe(Channel);
        cheer.Seconds.ShouldBe(1);
        cheer.Rates.ShouldBe(new Dictionary<string, long>(StringComparer.Ordinal) { ["fire"] = 7, ["clap"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_tap_is_in_one_publication_while_fans_cheer_on()
    {
        var random = new Random(7);
        Node[] nodes = [new(this), new(this), new(this)];
        var tapped = 0L;
        for (var second = 0; second < 50; second++)
        {
            foreach (var node in nodes)
            {
                var taps = random.Next(0, 20);
                tapped += taps;
                node.Taps.Of(Channel).Add("fire", taps);
                await node.Publisher.TickAsync(CancellationToken.None);
                _time.Advance(TimeSpan.FromMilliseconds(200));
            }

            _time.Advance(TimeSpan.FromMilliseconds(400));
        }

        await nodes[0].Publisher.TickAsync(CancellationToken.None);
        _published.Sum(Rate).ShouldBe(tapped);
        _published.Count.ShouldBe(50, "one for each second");
        _published.Select(e => e.Item.Version).ShouldBe(Enumerable.Range(0, 50).Select(s => Start.ToUnixTimeSeconds() + s));
    }

    [Fact]
    public async Task While_the_log_is_away_nothing_breaks_and_cheers_go_on_afterwards()
    {
        var node = new Node(this);
        node.Taps.Of(Channel).Add("fire", 1);
        await node.Publisher.TickAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        _log.Away = true;
        await node.Publisher.TickAsync(CancellationToken.None);
        _log.Away = false;
        node.Taps.Of(Channel).Add("fire", 2);
        await node.Publisher.TickAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        await node.Publisher.TickAsync(CancellationToken.None);

        _published.Select(Rate).ShouldBe([2]);
    }

    [Fact]
    public async Task Cheers_do_not_bring_a_lost_channel_back_empty()
    {
        var node = new Node(this);
        node.Taps.Of("lost").Add("fire", 1);
        await node.Publisher.TickAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        await node.Publisher.TickAsync(CancellationToken.None);
        (await _log.ReadAsync("lost")).ShouldBeNull();
    }

    [Fact]
    public void A_node_comes_once_in_each_second_and_not_at_its_edges()
    {
        var node = new Node(this);
        for (var ms = 0; ms < 1000; ms++)
        {
            var next = _time.GetUtcNow() + node.Publisher.UntilNext;
            next.Millisecond.ShouldBeInRange(200, 800);
            (next - _time.GetUtcNow()).TotalMilliseconds.ShouldBeInRange(100, 1_100);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task Taps_of_many_threads_are_all_there()
    {
        var taps = new CheerTaps();
        var taken = 0L;
        var adding = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                taps.Of(Channel).Add("fire", 2);
            }
        })));
        while (!adding.IsCompleted)
        {
            Take();
        }

        await adding;
        Take();
        taken.ShouldBe(800_000);
        taps.Take().ShouldBeEmpty();

        void Take() => taken += taps.Take().Values.Sum(t => t["fire"]);
    }

    private static long Rate(LogEntry entry) => JsonSerializer.Deserialize<CheerItem>(entry.Item.Data.Span, WireJson.Options)!.Rates["fire"];

    private sealed class Node
    {
        public Node(PublishCheersTests test) => Publisher = new PublishCheers(Taps, test._board, test._log, test._time, NullLogger<PublishCheers>.Instance);

        public CheerTaps Taps { get; } = new();

        public PublishCheers Publisher { get; }
    }
}
