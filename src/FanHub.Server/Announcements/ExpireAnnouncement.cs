using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Announcements;

/// <summary>Takes an announcement whose time has passed away from every fan. The clock asks for it, nobody else.</summary>
internal static class ExpireAnnouncement
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id) : IRequest<AnnouncementView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time) : IRequestHandler<Command, AnnouncementView>
    {
        /// <inheritdoc />
        public async Task<AnnouncementView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var announcement = await db.FindAnnouncementAsync(request.Id, IfMatch.None, cancellationToken);
            announcement.Expire(now);
            if (announcement.PublishedAt is not null)
            {
                var channel = await db.ChannelOfAsync(announcement, cancellationToken);
                await log.HeadsAsync([announcement.Channel], cancellationToken);
                db.Outbox.Add(OutboxRow.Publish(announcement.Channel, AnnouncementItems.State(announcement, channel.DefaultLocale), now));
            }

            await db.SaveChangesAsync(cancellationToken);
            return AnnouncementView.Of(announcement);
        }
    }
}
