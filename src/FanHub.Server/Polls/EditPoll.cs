using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Replaces what a draft or scheduled poll says.</summary>
internal static class EditPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, PollBody Body, IfMatch IfMatch) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time, PollClockSignal clock) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var poll = await db.FindPollAsync(request.Id, request.IfMatch, cancellationToken);
            var channel = await db.ChannelOfAsync(poll, cancellationToken);
            poll.Edit(PollRules.Check(request.Body, channel, now), now);
            PollRules.CheckSize(poll);
            if (poll.State == PollState.Scheduled)
            {
                PollRules.CheckLanguages(poll, channel);
            }

            db.AfterCommit(clock.Wake);
            await db.SaveChangesAsync(cancellationToken);
            return PollView.Of(poll);
        }
    }
}
