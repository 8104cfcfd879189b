using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Followers;

namespace FanHub.Tests.LoadTests;

/// <summary>A load test that cannot fail shows nothing: each fault that it looks for is put in front of it.</summary>
public sealed class LogFollowerTests
{
    private const string Channel = "athletics";
    private const string Epoch = "e1";
    private const long Start = 7;
    private const int Published = 5;

    private readonly PublishedLog _log = new(Channel);
    private readonly List<(long Index, bool Live)> _heard = [];
    private readonly LogFollower _follower;

    public LogFollowerTests()
    {
        _follower = new LogFollower(_log, (index, _, live) => _heard.Add((index, live)));
        _follower.Take(Reply(Start, recovered: false), arrivedAt: 0);
        for (var i = 0; i < Published; i++)
        {
            _log.Publishing(Key(i), Version(i), dueAt: 0);
        }
    }

    [Fact]
    public void Each_update_once_and_in_order_is_without_fault()
    {
        Hear(0, 1, 2, 3, 4);

        _heard.Select(h => h.Index).ShouldBe([0, 1, 2, 3, 4]);
        Faults.ShouldBe((0, 0, 0, 0));
        _follower.Position.ShouldBe(new Position(Epoch, Start + Published));
        FailedChecks.ShouldBeEmpty();
    }

    [Fact]
    public void A_record_that_another_follower_has_read_counts_as_well()
    {
        var other = new LogFollower(_log, (_, _, _) => { });
        other.Take(Reply(Start, recovered: false), arrivedAt: 0);
        other.Hear(Record(Update(0)), arrivedAt: 0);

        Hear(0);

        _heard.ShouldBe([(0, true)]);
        _log.BytesOf(0).ShouldBe(Record(Update(0)).Length);
    }

    [Fact]
    public void A_hole_is_missing()
    {
        Hear(0, 1, 3, 4);

        Faults.ShouldBe((1, 0, 0, 0));
        FailedChecks.ShouldBe(["Every update reached every connection.", "No hole: missing updates."]);
    }

    [Fact]
    public void An_end_that_never_comes_is_missing()
    {
        Hear(0, 1, 2);

        Faults.ShouldBe((2, 0, 0, 0));
    }

    [Fact]
    public void A_double_is_noticed()
    {
        Hear(0, 1, 1, 2, 3, 4);

        Faults.ShouldBe((0, 1, 0, 0));
        FailedChecks.ShouldBe(["No double: updates that came twice."]);
    }

    [Fact]
    public void A_wrong_order_is_noticed()
    {
        Hear(0, 2, 1, 3, 4);

        Faults.ShouldBe((0, 0, 1, 0));
        FailedChecks.ShouldBe(["In order: updates after a later one."]);
    }

    [Theory]
    [InlineData("another", Epoch, 8, "item:0", 1)]
    [InlineData(Channel, "e2", 8, "item:0", 1)]
    [InlineData(Channel, Epoch, 8, "item:1", 1)]
    [InlineData(Channel, Epoch, 8, "item:0", 2)]
    [InlineData(Channel, Epoch, 7, "item:0", 1)]
    [InlineData(Channel, Epoch, 13, "item:0", 1)]
    public void What_nobody_published_is_strange(string channel, string epoch, long offset, string key, long version)
    {
        _follower.Hear(Record(Update(0) with { Channel = channel, Epoch = epoch, Offset = offset, Key = key, Version = version }), arrivedAt: 0);

        _follower.Strange.ShouldBe(1);
        _heard.ShouldBeEmpty();
        FailedChecks.ShouldContain("Nothing that was not published.");
    }

    [Fact]
    public void A_notice_is_noticed()
    {
        _follower.Hear(Encoding.UTF8.GetBytes("""{"type":1,"target":"notice","arguments":[{"code":"slow","message":"…"}]}"""), arrivedAt: 0);

        _follower.Notices.ShouldBe(1);
        FailedChecks.ShouldContain("No notices (slow, stale, resync).");
    }

    [Fact]
    public void Who_comes_back_and_is_given_what_was_missed_has_no_fault()
    {
        Hear(0, 1);

        _follower.Position.ShouldBe(new Position(Epoch, Start + 2));
        _follower.Take(Reply(Start + 4, recovered: true, 2, 3), arrivedAt: 0);
        Hear(4);

        _heard.ShouldBe([(0, true), (1, true), (2, false), (3, false), (4, true)]);
        Faults.ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void A_reply_that_leaves_out_some_of_what_was_missed_makes_a_hole()
    {
        Hear(0);
        _follower.Take(Reply(Start + 4, recovered: true, 1, 2), arrivedAt: 0);
        Hear(4);

        Faults.ShouldBe((1, 0, 0, 0));
    }

    [Fact]
    public void A_reply_that_brings_again_what_was_heard_is_a_double()
    {
        Hear(0, 1);
        _follower.Take(Reply(Start + 3, recovered: true, 1, 2), arrivedAt: 0);
        Hear(3, 4);

        Faults.ShouldBe((0, 1, 0, 0));
    }

    [Fact]
    public void A_return_to_another_epoch_is_strange()
    {
        _follower.Take(Reply(0, recovered: false) with { Epoch = "e2" }, arrivedAt: 0);

        _follower.Strange.ShouldBe(1);
    }

    [Fact]
    public void A_snapshot_with_the_newest_of_every_item_is_complete()
    {
        Hear(0);
        _follower.Take(Reply(Start + 4, recovered: false, 2, 3), arrivedAt: 0);
        Hear(4);

        (_follower.Snapshots, _follower.StaleItems).ShouldBe((1, 0));
        Faults.ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void A_snapshot_that_lacks_an_item_or_has_an_old_one_is_noticed()
    {
        Hear(0);
        _follower.Take(Reply(Start + 4, recovered: false, 0), arrivedAt: 0);

        // One item is there in its first version, the other is not.
        (_follower.Snapshots, _follower.StaleItems).ShouldBe((1, 2));
    }

    private (long Missing, int Doubles, int OutOfOrder, int Strange) Faults => (_follower.Missing, _follower.Doubles, _follower.OutOfOrder, _follower.Strange);

    private IEnumerable<string> FailedChecks => FollowChecks.Make([_follower], Published, []).Where(c => !c.Passed).Select(c => c.Name);

    // Two items in turn, each with one version after the other.
    private static string Key(int index) => $"item:{index % 2}";

    private static long Version(int index) => 1 + (index / 2);

    private static Update Update(int index) => new()
    {
        Channel = Channel,
        Epoch = Epoch,
        Offset = Start + index + 1,
        Class = DeliveryClass.Logged,
        Key = Key(index),
        Kind = "item",
        Version = Version(index),
        At = DateTimeOffset.UnixEpoch,
    };

    private static FollowReply Reply(long offset, bool recovered, params int[] updates) =>
        new() { Channel = Channel, Epoch = Epoch, Offset = offset, Recovered = recovered, Updates = [.. updates.Select(Update)] };

    private static byte[] Record(params Update[] updates) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type = 1, target = "updates", arguments = new[] { updates } }, WireJson.Options);

    private void Hear(params int[] indices)
    {
        foreach (var index in indices)
        {
            _follower.Hear(Record(Update(index)), arrivedAt: 0);
        }
    }
}
