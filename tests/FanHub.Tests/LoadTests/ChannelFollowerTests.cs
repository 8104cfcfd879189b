using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Sockets;

namespace FanHub.Tests.LoadTests;

/// <summary>What a fan of several channels hears goes to whom it concerns, in whatever order it comes.</summary>
public sealed class ChannelFollowerTests : IDisposable
{
    private const int Channels = 3;
    private const int PerChannel = 2;

    private readonly SocketLoop _loop = new();
    private readonly PublishedLog[] _logs = [.. Enumerable.Range(0, Channels).Select(i => new PublishedLog($"channel-{i}"))];

    [Fact]
    public void It_has_arrived_when_it_follows_every_channel()
    {
        var (fan, arrived) = (Fan(), 0);
        fan.Arrived = () => arrived++;
        Hear(fan, new { });

        for (var i = 0; i < Channels; i++)
        {
            (arrived, fan.FollowsSince).ShouldBe((0, 0));
            Answer(fan, i);
        }

        (arrived, fan.FollowsSince).ShouldBe((1, 1));
        fan.Followers.ShouldAllBe(f => f.Position != null);
    }

    [Theory]
    [InlineData(0, 1, 2, 0, 1, 2)]
    [InlineData(2, 1, 0, 2, 1, 0)]
    [InlineData(1, 1, 0, 2, 2, 0)]
    public void Updates_are_heard_by_their_channel_in_any_order_of_channels(params int[] channels)
    {
        // The second is told what the first has read.
        foreach (var fan in (ChannelFollower[])[Following(), Following()])
        {
            Publish();
            HearUpdates(fan, channels);

            FailedChecks(fan).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_hole_in_one_channel_is_found_and_so_is_a_double()
    {
        var fan = Following();
        Publish();

        HearUpdates(fan, 0, 1, 2, 0, 2);
        HearUpdate(fan, 2, 1);

        fan.Followers.Select(f => (f.Missing, f.Doubles)).ShouldBe([(0, 0), (1, 0), (0, 1)]);
        FailedChecks(fan).ShouldBe(["Every update reached every connection.", "No hole: missing updates.", "No double: updates that came twice."]);
    }

    [Fact]
    public void An_update_of_a_channel_that_is_not_followed_is_strange()
    {
        var fan = Following();
        Publish();
        HearUpdates(fan, 0, 1, 2, 0, 1, 2);

        Hear(fan, Call(Update("channel-9", 0)));

        FailedChecks(fan).ShouldBe(["Nothing that was not published."]);
    }

    [Theory]
    [InlineData("channel-1")]
    [InlineData(null)]
    public void A_notice_is_noticed_whether_it_names_a_channel_or_not(string? channel)
    {
        var fan = Following();

        Hear(fan, new { type = 1, target = "notice", arguments = new[] { new { channel, code = "slow", message = "…" } } });

        fan.Followers.Sum(f => f.Notices).ShouldBe(1);
    }

    public void Dispose() => _loop.Dispose();

    private ChannelFollower Fan()
    {
        var fan = new ChannelFollower(0, new Uri("http://localhost:1"), "token", [.. _logs.Select(log => new LogFollower(log, (_, _, _) => { }))]);
        // Never connected: what the fan says goes nowhere.
        _ = new LeanSocket(_loop, fan);
        fan.Opened();
        return fan;
    }

    private ChannelFollower Following()
    {
        var fan = Fan();
        Hear(fan, new { });
        for (var i = 0; i < Channels; i++)
        {
            Answer(fan, i);
        }

        return fan;
    }

    private void Publish()
    {
        foreach (var log in _logs)
        {
            while (log.Count < PerChannel)
            {
                log.Publishing("item:0", log.Count + 1, dueAt: 0);
            }
        }
    }

    private IEnumerable<string> FailedChecks(ChannelFollower fan) => FollowChecks.Make(fan.Followers, _logs.Sum(l => l.Count), []).Where(c => !c.Passed).Select(c => c.Name);

    private static void Answer(ChannelFollower fan, int channel) =>
        Hear(fan, new { type = 3, invocationId = "1", result = new FollowReply { Channel = $"channel-{channel}", Epoch = "e1", Offset = 0, Recovered = false, Updates = [] } });

    // The next update of each of these channels.
    private static void HearUpdates(ChannelFollower fan, params int[] channels)
    {
        var next = new int[Channels];
        foreach (var channel in channels)
        {
            HearUpdate(fan, channel, next[channel]++);
        }
    }

    private static void HearUpdate(ChannelFollower fan, int channel, int index) => Hear(fan, Call(Update($"channel-{channel}", index)));

    private static object Call(Update update) => new { type = 1, target = "updates", arguments = new[] { new[] { update } } };

    private static Update Update(string channel, int index) => new()
    {
        Channel = channel,
        Epoch = "e1",
        Offset = index + 1,
        Class = DeliveryClass.Logged,
        Key = "item:0",
        Kind = "item",
        Version = index + 1,
        At = DateTimeOffset.UnixEpoch,
    };

    private static void Hear(ChannelFollower fan, object message) => fan.Heard([.. JsonSerializer.SerializeToUtf8Bytes(message, WireJson.Options), 0x1e], arrivedAt: 1);
}
