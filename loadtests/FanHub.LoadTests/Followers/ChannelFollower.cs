using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Followers;

/// <summary>A fan who follows one channel, or several over one connection, and goes on where it was when it comes back.</summary>
/// <param name="number">The fan's number.</param>
/// <param name="node">Where the fan connects to.</param>
/// <param name="token">The fan's session.</param>
/// <param name="followers">Check what is heard, one for each channel, best in the order in which the channels are updated.</param>
internal sealed class ChannelFollower(int number, Uri node, string token, params LogFollower[] followers) : SignalRConversation(number, node.Port)
{
    private const string FollowId = "1";

    private int _asked;
    private int _turn;

    /// <summary>What was heard, by channel.</summary>
    public IReadOnlyList<LogFollower> Followers => followers;

    /// <summary>When the last reply to <c>Follow</c> came, in stopwatch ticks; 0 while one is awaited.</summary>
    public long FollowsSince { get; private set; }

    /// <inheritdoc/>
    public override string Path => $"{HubMethods.Path}?access_token={token}";

    /// <inheritdoc/>
    protected override void Shaken()
    {
        (FollowsSince, _asked) = (0, 0);
        Follow();
    }

    /// <inheritdoc/>
    protected override void Called(ReadOnlySpan<byte> record, long arrivedAt)
    {
        // Where channels are updated in turn it is the next one's, and mostly another fan has read it: no need then to look into it.
        if (!followers[_turn].HearKnown(record, arrivedAt))
        {
            _turn = Whose(record);
            followers[_turn].Hear(record, arrivedAt);
        }

        _turn = _turn + 1 == followers.Length ? 0 : _turn + 1;
    }

    /// <inheritdoc/>
    protected override void Answered(ReadOnlySpan<byte> record, long arrivedAt)
    {
        var reply = SignalRJson.ReadReply(record, arrivedAt).Reply;
        if (reply.Error is { } error)
        {
            throw new InvalidDataException($"Follow was refused: {error}");
        }

        followers[_asked++].Take(reply.Read<FollowReply>(), arrivedAt);
        if (_asked < followers.Length)
        {
            Follow();
            return;
        }

        FollowsSince = arrivedAt;
        SayArrived();
    }

    private void Follow() => Call(FollowId, HubMethods.Follow, new FollowRequest { Channel = followers[_asked].Channel, Locale = "en", Since = followers[_asked].Position });

    private int Whose(ReadOnlySpan<byte> record)
    {
        if (followers.Length == 1)
        {
            return 0;
        }

        var channel = SignalRJson.ChannelOf(record);
        for (var i = 0; i < followers.Length; i++)
        {
            if (followers[i].IsOf(channel))
            {
                return i;
            }
        }

        // Anyone finds it strange.
        return 0;
    }
}
