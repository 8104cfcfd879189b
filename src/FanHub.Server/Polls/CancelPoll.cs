using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Calls a poll off. Where fans have seen it, its box is sealed, they see that it is cancelled, and its count goes away.</summary>
internal static class CancelPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, IfMatch IfMatch) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, IBallotBox box, TimeProvider time) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var poll = await db.FindPollAsync(request.Id, request.IfMatch, cancellationToken);
            poll.RequireCancellable();
            if (poll.PublishedAt is null)
            {
                poll.Cancel(now);
                await db.SaveChangesAsync(cancellationToken);
                return PollView.Of(poll);
            }

            var channel = await db.ChannelOfAsync(poll, cancellationToken);
            await log.HeadsAsync([poll.Channel], cancellationToken);
            // From here on there is no way back, so a caller who has gone away does not stop it.
            var tally = await box.SealAsync(poll.Id, poll.Channel, poll.Options.Count, CancellationToken.None);
            poll.Cancel(now);
            db.Outbox.Add(OutboxRow.Publish(poll.Channel, PollItems.State(poll, channel.DefaultLocale), now));
            if (PollItems.NoTally(poll, tally, now) is { } removal)
            {
                db.Outbox.Add(OutboxRow.Publish(poll.Channel, removal, now));
            }

            await db.SaveChangesAsync(CancellationToken.None);
            return PollView.Of(poll);
        }
    }
}
