using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Polls;

/// <summary>Makes a draft.</summary>
internal static class CreatePoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(PollBody Body) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var channel = ChannelName.IsValid(request.Body.Channel) ? await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Body.Channel, cancellationToken) : null;
            var content = PollRules.Check(request.Body, channel, now);
            var poll = Poll.Draft(channel!.Id, content, now);
            PollRules.CheckSize(poll);
            db.Polls.Add(poll);
            // The box knows drafts, so that a fan who guesses one is told that it is not open, and nothing else.
            db.Outbox.Add(OutboxRow.Register(poll.Channel, poll.Id, now));
            await db.SaveChangesAsync(cancellationToken);
            return PollView.Of(poll);
        }
    }
}
