using FanHub.Realtime.Channels;
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
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time) : IRequestHandler<Command, PollView>
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
            poll.Cancel(now);
            db.Outbox.Add(OutboxRow.Publish(poll.Channel, PollItems.State(poll, channel.DefaultLocale), now));
            // Saved before the box is sealed, the other way round than closing: no count comes of it, and a crash in between must not turn it into a closing.
            db.Outbox.Add(OutboxRow.Withdraw(poll.Channel, PollItems.Withdrawal(poll), now));
            await db.SaveChangesAsync(cancellationToken);
            return PollView.Of(poll);
        }
    }
}
