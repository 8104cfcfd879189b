using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Shows the result of a closed poll to everybody, unless it is never to be shown.</summary>
internal static class RevealPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, IfMatch IfMatch) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var poll = await db.FindPollAsync(request.Id, request.IfMatch, cancellationToken);
            poll.Reveal(now);
            var channel = await db.ChannelOfAsync(poll, cancellationToken);
            await log.HeadsAsync([poll.Channel], cancellationToken);
            db.Outbox.Add(OutboxRow.Publish(poll.Channel, PollItems.State(poll, channel.DefaultLocale), now));
            if (poll.Visibility == TallyVisibility.AfterVote && PollItems.FinalTally(poll) is { } final)
            {
                db.Outbox.Add(OutboxRow.Publish(poll.Channel, final, now));
            }

            await db.SaveChangesAsync(cancellationToken);
            return PollView.Of(poll);
        }
    }
}
