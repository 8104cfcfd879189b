using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Followers;

/// <summary>A fan who follows a channel, and goes on where it was when it comes back.</summary>
/// <param name="number">The fan's number.</param>
/// <param name="node">Where the fan connects to.</param>
/// <param name="token">The fan's session.</param>
/// <param name="channel">The channel.</param>
/// <param name="follower">Checks what is heard.</param>
internal sealed class ChannelFollower(int number, Uri node, string token, string channel, LogFollower follower) : SignalRConversation(number, node.Port)
{
    private const string FollowId = "1";

    /// <summary>What was heard.</summary>
    public LogFollower Follower => follower;

    /// <summary>When the last reply to <c>Follow</c> came, in stopwatch ticks; 0 while one is awaited.</summary>
    public long FollowsSince { get; private set; }

    /// <inheritdoc/>
    public override string Path => $"{HubMethods.Path}?access_token={token}";

    /// <inheritdoc/>
    protected override void Shaken()
    {
        FollowsSince = 0;
        Call(FollowId, HubMethods.Follow, new FollowRequest { Channel = channel, Locale = "en", Since = follower.Position });
    }

    /// <inheritdoc/>
    protected override void Called(ReadOnlySpan<byte> record, long arrivedAt) => follower.Hear(record, arrivedAt);

    /// <inheritdoc/>
    protected override void Answered(ReadOnlySpan<byte> record, long arrivedAt)
    {
        var reply = SignalRJson.ReadReply(record, arrivedAt).Reply;
        if (reply.Error is { } error)
        {
            throw new InvalidDataException($"Follow was refused: {error}");
        }

        follower.Take(reply.Read<FollowReply>(), arrivedAt);
        FollowsSince = arrivedAt;
        SayArrived();
    }
}
