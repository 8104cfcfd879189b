using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Opens a poll, or schedules a draft whose time is to come.</summary>
internal static class OpenPoll
{
    /// <summary>Asks for it.</summary>
    /// <param name="Id">The poll.</param>
    /// <param name="IfMatch">The version that it is meant for.</param>
    /// <param name="ByClock">The planned moment has come: that is when it opens, however late the clock is.</param>
    internal sealed record Command(string Id, IfMatch IfMatch, bool ByClock = false) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time, PollClockSignal clock) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var poll = await db.FindPollAsync(request.Id, request.IfMatch, cancellationToken);
            var channel = await db.ChannelOfAsync(poll, cancellationToken);
            if (poll.State == PollState.Draft && poll.OpensAt > now)
            {
                poll.Schedule(now);
                PollRules.CheckLanguages(poll, channel);
            }
            else
            {
                poll.Open(request.ByClock ? poll.OpensAt ?? now : now, now);
                PollRules.CheckLanguages(poll, channel);
                await log.HeadsAsync([poll.Channel], cancellationToken);
                db.Outbox.Add(OutboxRow.Register(poll.Channel, poll.Id, now));
                db.Outbox.Add(OutboxRow.Publish(poll.Channel, PollItems.State(poll, channel.DefaultLocale), now));
            }

            db.AfterCommit(clock.Wake);
            await db.SaveChangesAsync(cancellationToken);
            return PollView.Of(poll);
        }
    }
}
