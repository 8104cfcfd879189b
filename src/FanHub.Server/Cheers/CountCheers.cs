using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Server.Fans;

namespace FanHub.Server.Cheers;

/// <summary>Takes cheers in from this node's fans. Nobody awaits a cheer, so none is ever refused: what does not count is dropped.</summary>
internal sealed class CountCheers(ChannelRelay relay, CheerTaps taps, FanLimits limits)
{
    /// <summary>Counts a fan's taps, as far as the fan's limit allows.</summary>
    /// <param name="fan">The fan's number.</param>
    /// <param name="connection">Where it comes from; it has to follow the channel.</param>
    /// <param name="cheer">What was tapped.</param>
    public void Count(long fan, FanConnection connection, CheerRequest cheer)
    {
        if (cheer.Count is < 1 or > CheerRequest.MaxCount || !connection.Follows(cheer.Channel))
        {
            return;
        }

        var channel = taps.Of(cheer.Channel);
        if (relay.FindHeldItem(cheer.Channel, channel.ItemKey)?.Read(ReactionSet.Read).Find(cheer.Reaction) is { } reaction
            && limits.TakeCheers(fan, cheer.Count) is > 0 and var allowed)
        {
            channel.Add(reaction, allowed);
        }
    }
}
