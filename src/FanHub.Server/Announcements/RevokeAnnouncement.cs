using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Announcements;

/// <summary>Takes a published announcement away from every fan at once.</summary>
internal static class RevokeAnnouncement
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, IfMatch IfMatch) : IRequest<AnnouncementView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time) : IRequestHandler<Command, AnnouncementView>
    {
        /// <inheritdoc />
        public async Task<AnnouncementView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var announcement = await db.FindAnnouncementAsync(request.Id, request.IfMatch, cancellationToken);
            announcement.Revoke(now);
            var channel = await db.ChannelOfAsync(announcement, cancellationToken);
            await log.HeadsAsync([announcement.Channel], cancellationToken);
            db.Outbox.Add(OutboxRow.Publish(announcement.Channel, AnnouncementItems.State(announcement, channel.DefaultLocale), now));
            await db.SaveChangesAsync(cancellationToken);
            return AnnouncementView.Of(announcement);
        }
    }
}
