using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Announcements;

/// <summary>Makes a draft.</summary>
internal static class CreateAnnouncement
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(AnnouncementBody Body) : IRequest<AnnouncementView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Command, AnnouncementView>
    {
        /// <inheritdoc />
        public async Task<AnnouncementView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var channel = ChannelName.IsValid(request.Body.Channel) ? await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Body.Channel, cancellationToken) : null;
            var content = AnnouncementRules.Check(request.Body, channel, now);
            var announcement = Announcement.Draft(channel!.Id, content, now);
            AnnouncementRules.CheckSize(announcement);
            db.Announcements.Add(announcement);
            await db.SaveChangesAsync(cancellationToken);
            return AnnouncementView.Of(announcement);
        }
    }
}
