using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>
/// Closes a poll: seals the box, recounts it, saves the result, and publishes it, in this order, so that the count that is published is the count that is there. Sealing is
/// for ever: where this breaks off after it, <see cref="PollClock"/> finds an open poll with a sealed box and closes it.
/// </summary>
internal static class ClosePoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, IfMatch IfMatch) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, Certification certification, TimeProvider time) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var poll = await db.FindPollAsync(request.Id, request.IfMatch, cancellationToken);
            poll.RequireOpen();
            var channel = await db.ChannelOfAsync(poll, cancellationToken);
            await log.HeadsAsync([poll.Channel], cancellationToken);
            var closedAt = poll.ClosesAt < now ? poll.ClosesAt.Value : now;
            // From here on there is no way back, so a caller who has gone away does not stop it.
            poll.Close(await certification.CertifyAsync(poll, closedAt, now, CancellationToken.None), now);
            db.Outbox.Add(OutboxRow.Publish(poll.Channel, PollItems.State(poll, channel.DefaultLocale), now));
            if (PollItems.FinalTally(poll) is { } final)
            {
                db.Outbox.Add(OutboxRow.Publish(poll.Channel, final, now));
            }

            await db.SaveChangesAsync(CancellationToken.None);
            return PollView.Of(poll);
        }
    }
}
