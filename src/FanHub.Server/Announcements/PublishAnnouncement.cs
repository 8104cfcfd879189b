using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Announcements;

/// <summary>Publishes an announcement, or schedules a draft whose time is to come.</summary>
internal static class PublishAnnouncement
{
    /// <summary>Asks for it.</summary>
    /// <param name="Id">The announcement.</param>
    /// <param name="IfMatch">The version that it is meant for.</param>
    /// <param name="ByClock">The planned moment has come: that is when it appears, however late the clock is.</param>
    internal sealed record Command(string Id, IfMatch IfMatch, bool ByClock = false) : IRequest<AnnouncementView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time, DueClockSignal clock) : IRequestHandler<Command, AnnouncementView>
    {
        /// <inheritdoc />
        public async Task<AnnouncementView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var announcement = await db.FindAnnouncementAsync(request.Id, request.IfMatch, cancellationToken);
            var channel = await db.ChannelOfAsync(announcement, cancellationToken);
            if (announcement.State == AnnouncementState.Draft && announcement.OpensAt > now)
            {
                announcement.Schedule(now);
                AnnouncementRules.CheckLanguages(announcement, channel);
            }
            else
            {
                announcement.Publish(request.ByClock ? announcement.OpensAt ?? now : now, now);
                AnnouncementRules.CheckLanguages(announcement, channel);
                await log.HeadsAsync([announcement.Channel], cancellationToken);
                db.Outbox.Add(OutboxRow.Publish(announcement.Channel, AnnouncementItems.State(announcement, channel.DefaultLocale), now));
            }

            db.AfterCommit(clock.Wake);
            await db.SaveChangesAsync(cancellationToken);
            return AnnouncementView.Of(announcement);
        }
    }
}
