using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Feeds;

namespace FanHub.Tests.LoadTests;

/// <summary>Each fault that a feed's followers look for is put in front of them.</summary>
public sealed class ChannelWatchTests
{
    private readonly List<long?> _heard = [];
    private readonly ChannelWatch _watch;

    public ChannelWatchTests() => _watch = new ChannelWatch((update, _) => _heard.Add(update.Version));

    private (long, int, int, int) Faults => (_watch.Holes, _watch.Doubles, _watch.Older, _watch.Strange);

    [Fact]
    public void Newer_versions_in_order_are_without_fault()
    {
        Begin(3, Update(3, 1, 1));
        Hear(Update(4, 2, 2));
        Hear(Update(5, 3, 7));

        _heard.ShouldBe([1, 2, 7]);
        Faults.ShouldBe((0, 0, 0, 0));
        _watch.VersionOf("result:A").ShouldBe(7);
        _watch.Holds("result:A").ShouldBeTrue();
    }

    [Fact]
    public void What_comes_before_the_reply_was_read_is_not_lost()
    {
        Hear(Update(4, 2, 2));
        Begin(3, Update(3, 1, 1));

        _heard.ShouldBe([1, 2]);
        Faults.ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void A_hole_is_found()
    {
        Begin(3);
        Hear(Update(6, 2, 2));

        Faults.ShouldBe((2, 0, 0, 0));
    }

    [Fact]
    public void A_double_is_found()
    {
        Begin(3);
        Hear(Update(4, 2, 2));
        Hear(Update(4, 2, 2));

        Faults.ShouldBe((0, 1, 0, 0));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 1)]
    public void An_older_version_is_found(long item, long source)
    {
        Begin(3);
        Hear(Update(4, 3, 2));
        Hear(Update(5, item, source));

        Faults.ShouldBe((0, 0, 1, 0));
        _heard.ShouldBe([2]);
    }

    [Fact]
    public void Another_epoch_is_found()
    {
        Begin(3);
        Hear(Update(4, 2, 2) with { Epoch = "other" });

        Faults.ShouldBe((0, 0, 0, 1));
    }

    [Fact]
    public void An_item_that_was_taken_away_is_not_there()
    {
        Begin(3, Update(3, 1, 1));
        Hear(Update(4, 2, 2) with { Data = null });

        _watch.Holds("result:A").ShouldBeFalse();
        Faults.ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void Medals_of_a_table_are_added_up()
    {
        var table = new MedalTableItem { Organisations = [new("XAA", 1, 2, 0, 3, 1), new("XAB", 0, 0, 1, 1, 2)] };

        var update = FeedUpdate.Read(Record(Update(4, 1, 1) with { Data = JsonSerializer.SerializeToElement(table, WireJson.Options) })).ShouldHaveSingleItem();

        update.Medals.ShouldBe(4);
    }

    [Fact]
    public void Notices_are_no_updates() =>
        FeedUpdate.Read("""{"type":1,"target":"notice","arguments":[{"code":"slow","message":"m"}]}"""u8).ShouldBeEmpty();

    private static Update Update(long offset, long item, long source) => new()
    {
        Channel = "unit.a",
        Epoch = "e",
        Offset = offset,
        Class = DeliveryClass.Logged,
        Key = "result:A",
        Kind = ItemKinds.Result,
        Version = item,
        At = DateTimeOffset.UnixEpoch,
        Data = JsonSerializer.SerializeToElement(new { unit = "A", entries = new[] { new { version = 99 } }, version = source }, WireJson.Options),
    };

    private static byte[] Record(Update update) =>
        Encoding.UTF8.GetBytes($$"""{"type":1,"target":"updates","arguments":[{{JsonSerializer.Serialize(new[] { update }, WireJson.Options)}}]}""");

    private void Begin(long offset, params Update[] updates) =>
        _watch.Begin(new FollowReply { Channel = "unit.a", Epoch = "e", Offset = offset, Recovered = false, Updates = updates }, 0);

    private void Hear(Update update) => _watch.Hear(FeedUpdate.Read(Record(update)).ShouldHaveSingleItem(), 0);
}
