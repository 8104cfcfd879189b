using System.Collections.Concurrent;
using System.Text;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Tests.Contracts;

/// <summary>What every channel log promises. Each implementation derives from it.</summary>
public abstract class ChannelLogContract : IAsyncLifetime
{
    private const string Channel = "athletics.mens-100m";

    protected IChannelLog Log { get; private set; } = null!;

    protected static ChannelOptions Options { get; } = new() { LogLength = 100 };

    public async ValueTask InitializeAsync() => Log = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>A log with the options given, empty.</summary>
    protected abstract Task<IChannelLog> OpenAsync();

    [Fact]
    public async Task A_channel_that_was_never_created_is_not_there()
    {
        (await Log.ReadAsync(Channel)).ShouldBeNull();
        (await Log.HeadsAsync([Channel])).ShouldBe([null]);
    }

    [Fact]
    public async Task Creating_makes_it_exist_once()
    {
        (await Log.CreateAsync(Channel)).ShouldBeTrue();
        var first = await Log.ReadAsync(Channel);
        (await Log.CreateAsync(Channel)).ShouldBeFalse();

        first!.Head.Offset.ShouldBe(0);
        first.Items.ShouldBeEmpty();
        first.Recovered.ShouldBeFalse();
        (await Log.ReadAsync(Channel))!.Head.ShouldBe(first.Head);
    }

    [Fact]
    public async Task Logged_updates_take_offsets_from_one_without_gaps()
    {
        for (var i = 1; i <= 5; i++)
        {
            (await Log.AppendAsync(Channel, Logged($"poll:{i}", 1))).Offset.ShouldBe(i);
        }

        var read = await Log.ReadAsync(Channel);
        read!.Logged.Select(e => e.Offset).ShouldBe([1, 2, 3, 4, 5]);
        read.Items.Select(e => e.Item.Key).ShouldBe(["poll:1", "poll:2", "poll:3", "poll:4", "poll:5"]);
        read.Head.Offset.ShouldBe(5);
    }

    [Fact]
    public async Task An_entry_comes_back_as_it_was_appended()
    {
        var item = Logged("poll:1", 3, """{"title":{"$t":{"en":"Who?","fr":"Qui ? \"é\" 🏅","ar":"من؟"}},"n":1.50}""") with { Gate = "g", DefaultLocale = "en" };
        var result = await Log.AppendAsync(Channel, item);

        var entry = (await Log.ReadAsync(Channel))!.Items.ShouldHaveSingleItem();
        entry.Epoch.ShouldBe(result.Epoch);
        (entry.Item with { Data = default }).ShouldBe(item with { Data = default });
        Encoding.UTF8.GetString(entry.Item.Data.Span).ShouldBe(Encoding.UTF8.GetString(item.Data.Span));
    }

    [Fact]
    public async Task The_same_idempotency_key_appends_once()
    {
        var first = await Log.AppendAsync(Channel, Logged("poll:1", 1), "outbox:1");
        await Log.AppendAsync(Channel, Logged("poll:2", 1), "outbox:2");
        var again = await Log.AppendAsync(Channel, Logged("poll:1", 2), "outbox:1");

        first.Outcome.ShouldBe(AppendOutcome.Appended);
        again.Outcome.ShouldBe(AppendOutcome.Repeated);
        again.Offset.ShouldBe(first.Offset);
        (await Log.ReadAsync(Channel))!.Head.Offset.ShouldBe(2);
    }

    [Theory]
    [InlineData(DeliveryClass.Logged)]
    [InlineData(DeliveryClass.Latest)]
    public async Task An_item_never_goes_back_to_an_older_version(DeliveryClass deliveryClass)
    {
        await Log.AppendAsync(Channel, Item("x:1", 5, deliveryClass));

        (await Log.AppendAsync(Channel, Item("x:1", 4, deliveryClass))).Outcome.ShouldBe(AppendOutcome.Superseded);
        (await Log.AppendAsync(Channel, Item("x:1", 5, deliveryClass))).Outcome.ShouldBe(AppendOutcome.Superseded);
        (await Log.AppendAsync(Channel, Item("x:1", 10, deliveryClass))).Outcome.ShouldBe(AppendOutcome.Appended);
        (await Log.ReadAsync(Channel))!.Items.ShouldHaveSingleItem().Item.Version.ShouldBe(10);
    }

    [Theory]
    [InlineData(DeliveryClass.Logged)]
    [InlineData(DeliveryClass.Latest)]
    public async Task What_was_removed_does_not_come_back_by_an_older_version(DeliveryClass deliveryClass)
    {
        await Log.AppendAsync(Channel, Item("x:1", 1, deliveryClass));
        await Log.AppendAsync(Channel, Item("x:1", 3, deliveryClass) with { Data = default });

        (await Log.AppendAsync(Channel, Item("x:1", 2, deliveryClass))).Outcome.ShouldBe(AppendOutcome.Superseded);
        (await Log.ReadAsync(Channel))!.Items.ShouldBeEmpty();
        (await Log.AppendAsync(Channel, Item("x:1", 4, deliveryClass))).Outcome.ShouldBe(AppendOutcome.Appended);
        (await Log.ReadAsync(Channel))!.Items.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Latest_updates_replace_the_item_and_take_no_offset()
    {
        await Log.AppendAsync(Channel, Logged("poll:1", 1));
        await Log.AppendAsync(Channel, Item("tally:1", 1, DeliveryClass.Latest));
        await Log.AppendAsync(Channel, Item("tally:1", 2, DeliveryClass.Latest));

        var read = await Log.ReadAsync(Channel);
        read!.Head.Offset.ShouldBe(1);
        read.Head.Revision.ShouldBe(3);
        read.Logged.Count.ShouldBe(1);
        var tally = read.Items.Single(e => e.Item.Key == "tally:1");
        tally.Item.Version.ShouldBe(2);
        tally.Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Removed_latest_items_are_remembered_for_those_who_come_back()
    {
        await Log.AppendAsync(Channel, Item("tally:1", 1, DeliveryClass.Latest));
        await Log.AppendAsync(Channel, Item("tally:1", 2, DeliveryClass.Latest) with { Data = default });
        await Log.AppendAsync(Channel, Logged("poll:1", 1));
        await Log.AppendAsync(Channel, Logged("poll:1", 2) with { Data = default });

        var read = await Log.ReadAsync(Channel);
        read!.Items.ShouldBeEmpty();
        read.Gone.ShouldHaveSingleItem().Item.Key.ShouldBe("tally:1");
    }

    [Fact]
    public async Task Fleeting_updates_reach_subscribers_and_leave_no_trace()
    {
        var heard = new BlockingCollection<LogEntry>();
        await Log.CreateAsync(Channel);
        await using var subscription = await Log.SubscribeAsync(Channel, heard.Add);
        var before = (await Log.HeadsAsync([Channel]))[0];

        await Log.AppendAsync(Channel, Item("cheer:1", 1, DeliveryClass.Fleeting));
        await Log.AppendAsync(Channel, Item("cheer:1", 1, DeliveryClass.Fleeting));

        Take(heard).Item.Class.ShouldBe(DeliveryClass.Fleeting);
        Take(heard).Revision.ShouldBe(before!.Revision);
        var read = await Log.ReadAsync(Channel);
        read!.Head.ShouldBe(before);
        read.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fleeting_update_is_never_superseded_and_keeps_no_version()
    {
        var heard = new BlockingCollection<LogEntry>();
        await Log.AppendAsync(Channel, Logged("poll:1", 1));
        await using var subscription = await Log.SubscribeAsync(Channel, heard.Add);
        foreach (var version in (long[])[7, 7, 3])
        {
            (await Log.AppendAsync(Channel, Item("cheer:1", version, DeliveryClass.Fleeting, """{"rates":{"fire":12}}"""))).Outcome.ShouldBe(AppendOutcome.Appended);
            var entry = Take(heard);
            entry.Item.Version.ShouldBe(version);
            entry.Offset.ShouldBe(1);
            Encoding.UTF8.GetString(entry.Item.Data.Span).ShouldBe("""{"rates":{"fire":12}}""");
        }

        var epoch = (await Log.HeadsAsync([Channel]))[0]!.Epoch;
        var read = (await Log.ReadAsync(Channel, new Position(epoch, 0)))!;
        read.Logged.ShouldHaveSingleItem().Item.Key.ShouldBe("poll:1");
        read.Items.ShouldHaveSingleItem();
        read.Gone.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fleeting_update_makes_no_channel()
    {
        var heard = new BlockingCollection<LogEntry>();
        await using var subscription = await Log.SubscribeAsync(Channel, heard.Add);
        (await Log.AppendAsync(Channel, Item("cheer:1", 1, DeliveryClass.Fleeting))).Outcome.ShouldBe(AppendOutcome.NoChannel);
        (await Log.ReadAsync(Channel)).ShouldBeNull();
        (await Log.AppendAsync(Channel, Logged("poll:1", 1))).Offset.ShouldBe(1);
        Take(heard).Item.Key.ShouldBe("poll:1");
    }

    [Fact]
    public async Task Reading_since_a_position_gives_exactly_what_was_logged_after_it()
    {
        await AppendManyAsync(10);
        var epoch = (await Log.ReadAsync(Channel))!.Head.Epoch;

        for (var offset = 0; offset <= 10; offset++)
        {
            var read = await Log.ReadAsync(Channel, new Position(epoch, offset));
            read!.Recovered.ShouldBeTrue();
            read.Logged.Select(e => e.Offset).ShouldBe(Enumerable.Range(offset + 1, 10 - offset).Select(i => (long)i));
        }
    }

    [Theory]
    [InlineData("another", 3)]
    [InlineData(null, 11)]
    [InlineData(null, -1)]
    public async Task A_position_that_is_not_of_this_log_is_not_recovered(string? epoch, long offset)
    {
        await AppendManyAsync(10);
        epoch ??= (await Log.ReadAsync(Channel))!.Head.Epoch;

        var read = await Log.ReadAsync(Channel, new Position(epoch, offset));
        read!.Recovered.ShouldBeFalse();
        read.Logged.Count.ShouldBe(10);
    }

    [Fact]
    public async Task The_log_is_bounded_and_says_so_to_who_was_away_for_too_long()
    {
        await AppendManyAsync(350);
        var read = (await Log.ReadAsync(Channel))!;

        read.Logged.Count.ShouldBeInRange(Options.LogLength, Options.LogLength + 150);
        read.Logged[^1].Offset.ShouldBe(350);
        var first = read.Logged[0].Offset;
        (await Log.ReadAsync(Channel, new Position(read.Head.Epoch, first - 1)))!.Recovered.ShouldBeTrue();
        (await Log.ReadAsync(Channel, new Position(read.Head.Epoch, first - 2)))!.Recovered.ShouldBeFalse();
    }

    [Fact]
    public async Task Large_updates_are_kept_for_less_long_and_never_fewer_than_ten()
    {
        const int Appended = 60;
        const int Bytes = 20_000;
        var large = $"{{\"text\":\"{new string('x', Bytes)}\"}}";
        for (var version = 1; version <= Appended; version++)
        {
            await Log.AppendAsync("c", Logged("result:a", version, large));
        }

        var read = (await Log.ReadAsync("c"))!;
        read.Logged.Count.ShouldBeInRange(ChannelOptions.FewestKept, (Options.LogBytes / Bytes) + 3);
        read.Logged.Select(e => e.Offset).ShouldBe(Enumerable.Range(Appended - read.Logged.Count + 1, read.Logged.Count).Select(o => (long)o));
        (await Log.ReadAsync("c", new Position(read.Head.Epoch, Appended - read.Logged.Count)))!.Recovered.ShouldBeTrue();
        (await Log.ReadAsync("c", new Position(read.Head.Epoch, 1)))!.Recovered.ShouldBeFalse();

        var enormous = $"{{\"text\":\"{new string('x', 60_000)}\"}}";
        for (var version = 1; version <= Appended; version++)
        {
            await Log.AppendAsync("d", Logged("result:a", version, enormous));
        }

        (await Log.ReadAsync("d"))!.Logged.Count.ShouldBeInRange(ChannelOptions.FewestKept, ChannelOptions.FewestKept + 3);
    }

    [Fact]
    public async Task A_fence_begins_a_new_epoch_once_keeps_the_items_and_never_gives_an_offset_out_again()
    {
        await AppendManyAsync(10);
        var before = (await Log.ReadAsync(Channel))!;

        var fenced = await Task.WhenAll(Log.FenceAsync(Channel, before.Head.Epoch), Log.FenceAsync(Channel, before.Head.Epoch));
        fenced.Count(f => f).ShouldBe(1);
        (await Log.FenceAsync("nowhere", before.Head.Epoch)).ShouldBeFalse();

        var after = (await Log.ReadAsync(Channel, new Position(before.Head.Epoch, 10)))!;
        after.Recovered.ShouldBeFalse();
        after.Head.Epoch.ShouldNotBe(before.Head.Epoch);
        after.Logged.ShouldBeEmpty();
        after.Items.Select(e => e.Item.Key).ShouldBe(before.Items.Select(e => e.Item.Key));
        (await Log.AppendAsync(Channel, Logged("poll:next", 1))).Offset.ShouldBe(11);
        (await Log.ReadAsync(Channel, new Position(after.Head.Epoch, 10)))!.Recovered.ShouldBeTrue();
    }

    [Fact]
    public async Task Vouching_for_a_log_that_was_not_interrupted_changes_nothing()
    {
        await AppendManyAsync(3);
        await Log.CreateAsync("created");
        var before = await Log.HeadsAsync([Channel, "created"]);

        // Whether or not the caller knows the channel; even one that believes to have seen more is no reason, for nothing can have been lost.
        foreach (var seen in new[] { null, before[0], before[0]! with { Offset = 100, Revision = 100 }, new ChannelHead("another", 1, 1) })
        {
            (await Log.VouchAsync(Channel, seen)).ShouldBeFalse();
            (await Log.VouchAsync("created", seen)).ShouldBeFalse();
        }

        (await Log.VouchAsync("nowhere", null)).ShouldBeFalse();
        (await Log.HeadsAsync([Channel, "created"])).ShouldBe(before);
        (await Log.ReadAsync("nowhere")).ShouldBeNull();
        (await Log.ReadAsync(Channel, new Position(before[0]!.Epoch, 1)))!.Recovered.ShouldBeTrue();
    }

    [Fact]
    public async Task An_epoch_that_a_fence_began_is_vouched_for()
    {
        await AppendManyAsync(3);
        await Log.FenceAsync(Channel, (await Log.HeadsAsync([Channel]))[0]!.Epoch);
        var fenced = await Log.HeadsAsync([Channel]);

        (await Log.VouchAsync(Channel, null)).ShouldBeFalse();
        (await Log.HeadsAsync([Channel])).ShouldBe(fenced);
    }

    [Fact]
    public async Task Subscribers_hear_every_kept_append_in_order_until_they_leave()
    {
        var heard = new BlockingCollection<LogEntry>();
        var subscription = await Log.SubscribeAsync(Channel, heard.Add);
        await AppendManyAsync(20);
        for (var i = 1; i <= 20; i++)
        {
            var entry = Take(heard);
            entry.Offset.ShouldBe(i);
            entry.Revision.ShouldBe(i);
        }

        await subscription.DisposeAsync();
        await Log.AppendAsync(Channel, Logged("poll:last", 1));
        heard.TryTake(out _, TimeSpan.FromMilliseconds(200)).ShouldBeFalse();
    }

    [Fact]
    public async Task Many_writers_at_once_leave_one_unbroken_log()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await Log.AppendAsync(Channel, Logged($"poll:{writer}-{i}", 1), $"key:{writer}-{i / 2}");
            }
        })));

        var read = await Log.ReadAsync(Channel);
        read!.Head.Offset.ShouldBe(40);
        read.Logged.Select(e => e.Offset).ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
    }

    [Fact]
    public async Task Channels_do_not_mix()
    {
        await AppendManyAsync(3);
        await Log.AppendAsync("medals", Logged("poll:1", 1));

        var heads = await Log.HeadsAsync(["medals", "none", Channel]);
        heads[0]!.Offset.ShouldBe(1);
        heads[1].ShouldBeNull();
        heads[2]!.Offset.ShouldBe(3);
    }

    [Fact]
    public async Task Heads_of_any_number_of_channels_come_in_the_order_asked_for()
    {
        var channels = Enumerable.Range(0, 300).Select(i => $"c{i}").ToList();
        await Task.WhenAll(channels.Where((_, i) => i % 3 != 0).Select((c, i) => Task.WhenAll(Enumerable.Range(1, 1 + (i % 2)).Select(v => Log.AppendAsync(c, Logged($"poll:{v}", 1))))));

        var heads = await Log.HeadsAsync(channels);
        heads.Select(h => h?.Offset).ShouldBe(channels.Select((_, i) => i % 3 == 0 ? (long?)null : i % 3));
        (await Log.HeadsAsync([])).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_item_that_is_too_large_is_refused_and_leaves_no_trace()
    {
        await Log.CreateAsync(Channel);
        var item = Logged("poll:1", 1) with { Data = new byte[FanHub.Realtime.Channels.Item.MaxDataBytes + 1] };

        await Should.ThrowAsync<InvalidOperationException>(() => Log.AppendAsync(Channel, item));
        (await Log.ReadAsync(Channel))!.Head.Revision.ShouldBe(0);
    }

    [Fact]
    public async Task It_agrees_with_a_plain_model_over_random_appends()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var model = new Dictionary<string, long>(StringComparer.Ordinal);
        var removed = new Dictionary<string, long>(StringComparer.Ordinal);
        long offset = 0;
        for (var i = 0; i < 400; i++)
        {
            var deliveryClass = random.Next(2) == 0 ? DeliveryClass.Logged : DeliveryClass.Latest;
            var key = $"{deliveryClass}:{random.Next(6)}";
            var version = random.Next(1, 40);
            var removes = random.Next(5) == 0;
            var held = Math.Max(model.GetValueOrDefault(key), removed.GetValueOrDefault(key));
            var result = await Log.AppendAsync(Channel, Item(key, version, deliveryClass) with { Data = removes ? default : "{}"u8.ToArray() });

            result.Outcome.ShouldBe(version > held ? AppendOutcome.Appended : AppendOutcome.Superseded);
            if (version > held)
            {
                offset += deliveryClass == DeliveryClass.Logged ? 1 : 0;
                (removes ? removed : model)[key] = version;
                (removes ? model : removed).Remove(key);
            }
        }

        var read = await Log.ReadAsync(Channel);
        read!.Head.Offset.ShouldBe(offset);
        read.Items.ToDictionary(e => e.Item.Key, e => e.Item.Version, StringComparer.Ordinal).ShouldBe(model, ignoreOrder: true);
    }

    protected static Item Logged(string key, long version, string data = "{}") => Item(key, version, DeliveryClass.Logged, data);

    protected static Item Item(string key, long version, DeliveryClass deliveryClass, string data = "{}") => new()
    {
        Key = key,
        Kind = key[..key.IndexOf(':', StringComparison.Ordinal)],
        Class = deliveryClass,
        Version = version,
        At = new DateTimeOffset(2026, 7, 24, 20, 0, 0, 123, TimeSpan.Zero),
        Data = Encoding.UTF8.GetBytes(data),
    };

    private static LogEntry Take(BlockingCollection<LogEntry> heard)
    {
        heard.TryTake(out var entry, TimeSpan.FromSeconds(5)).ShouldBeTrue();
        return entry!;
    }

    private async Task AppendManyAsync(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await Log.AppendAsync(Channel, Logged("poll:" + (i % 7), i));
        }
    }
}
