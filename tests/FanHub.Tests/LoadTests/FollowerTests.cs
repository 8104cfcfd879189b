using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Scenarios;

namespace FanHub.Tests.LoadTests;

/// <summary>A load test that cannot fail shows nothing: each fault that it looks for is put in front of it.</summary>
public sealed class FollowerTests
{
    private const string Channel = "athletics";
    private const string Epoch = "e1";
    private const long Start = 7;

    private readonly ExpectedUpdates _expected = new(Channel, [("poll:1", 2), ("poll:1", 3), ("poll:2", 2)]);
    private readonly List<int> _heard = [];
    private readonly Follower _follower;

    public FollowerTests()
    {
        _follower = new Follower(_expected, (index, _) => _heard.Add(index));
        _follower.Begin(new FollowReply { Channel = Channel, Epoch = Epoch, Offset = Start, Recovered = false, Updates = [] });
    }

    [Fact]
    public void Each_update_once_and_in_order_is_without_fault()
    {
        Hear(0);
        Hear(1);
        Hear(2);

        _heard.ShouldBe([0, 1, 2]);
        Faults.ShouldBe((0, 0, 0, 0, 0));
    }

    [Fact]
    public void Several_updates_in_one_message_are_all_heard()
    {
        Hear(Record(Update(0), Update(1), Update(2)));

        _heard.ShouldBe([0, 1, 2]);
        Faults.ShouldBe((0, 0, 0, 0, 0));
    }

    [Fact]
    public void A_record_that_another_follower_has_read_counts_as_well()
    {
        var other = new Follower(_expected, (_, _) => { });
        other.Begin(new FollowReply { Channel = Channel, Epoch = Epoch, Offset = Start, Recovered = false, Updates = [] });
        other.Hear(Record(Update(0)), arrivedAt: 0);

        Hear(0);

        _heard.ShouldBe([0]);
        _expected.BytesOf(0).ShouldBe(Record(Update(0)).Length);
    }

    [Fact]
    public void A_hole_is_missing()
    {
        Hear(0);
        Hear(2);

        Faults.ShouldBe((1, 0, 0, 0, 0));
    }

    [Fact]
    public void A_double_is_told_from_a_late_update()
    {
        Hear(0);
        Hear(2);
        Hear(1);
        Hear(1);

        Faults.ShouldBe((0, 1, 1, 0, 0));
    }

    [Fact]
    public void What_nobody_published_is_strange()
    {
        Hear(Record(Update(0) with { Epoch = "e2" }));
        Hear(Record(Update(0) with { Version = 9 }));
        Hear(Record(Update(0) with { Key = "poll:9" }));
        Hear(Record(Update(0) with { Offset = Start + 4 }));
        Hear(Record(Update(0) with { Channel = "medals" }));

        Faults.ShouldBe((3, 0, 0, 5, 0));
    }

    [Fact]
    public void Running_counts_are_let_by()
    {
        Hear(Record(Update(0) with { Class = DeliveryClass.Latest, Key = "tally:1", Kind = ItemKinds.Tally }));

        Faults.ShouldBe((3, 0, 0, 0, 0));
    }

    [Fact]
    public void Notices_are_counted()
    {
        var notice = JsonSerializer.Serialize(new { type = 1, target = HubMethods.Notice, arguments = new[] { new Notice(NoticeCodes.Slow, "Too slow.") } }, WireJson.Options);

        Hear(Encoding.UTF8.GetBytes(notice));

        Faults.ShouldBe((3, 0, 0, 0, 1));
    }

    private (int Missing, int Doubles, int OutOfOrder, int Strange, int Notices) Faults =>
        (_follower.Missing, _follower.Doubles, _follower.OutOfOrder, _follower.Strange, _follower.Notices);

    private void Hear(int index) => Hear(Record(Update(index)));

    private void Hear(byte[] record) => _follower.Hear(record, arrivedAt: 0);

    private Update Update(int index) => new()
    {
        Channel = Channel,
        Epoch = Epoch,
        Offset = Start + 1 + index,
        Class = DeliveryClass.Logged,
        Key = _expected[index].Key,
        Kind = ItemKinds.Poll,
        Version = _expected[index].Version,
        At = DateTimeOffset.UnixEpoch,
    };

    private static byte[] Record(params Update[] updates) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type = 1, target = HubMethods.Updates, arguments = new[] { updates } }, WireJson.Options);
}
