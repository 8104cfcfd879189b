using FanHub.Contracts;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Polls;

/// <summary>How commands come by a poll.</summary>
internal static class FindPolls
{
    /// <summary>The poll to change, if it is at the version that the change is meant for.</summary>
    /// <exception cref="FanHubException"><c>not_found</c> or <c>precondition_failed</c>.</exception>
    public static async Task<Poll> FindPollAsync(this FanHubDb db, string id, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var poll = await db.Polls.SingleOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw NoSuchPoll();
        ifMatch.Check(poll.Version);
        return poll;
    }

    /// <summary>The channel that a poll is in.</summary>
    public static Task<Channel> ChannelOfAsync(this FanHubDb db, Poll poll, CancellationToken cancellationToken) =>
        db.Channels.AsNoTracking().SingleAsync(c => c.Id == poll.Channel, cancellationToken);

    /// <summary>There is none.</summary>
    public static FanHubException NoSuchPoll() => new(ErrorCodes.NotFound, "There is no such poll.");
}
