using FanHub.Contracts;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Announcements;

/// <summary>How commands come by an announcement.</summary>
internal static class FindAnnouncements
{
    /// <summary>The announcement to change, if it is at the version that the change is meant for.</summary>
    /// <exception cref="FanHubException"><c>not_found</c> or <c>precondition_failed</c>.</exception>
    public static async Task<Announcement> FindAnnouncementAsync(this FanHubDb db, string id, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var announcement = await db.Announcements.SingleOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw NoSuchAnnouncement();
        ifMatch.Check(announcement.Version);
        return announcement;
    }

    /// <summary>The channel that an announcement is in.</summary>
    public static Task<Channel> ChannelOfAsync(this FanHubDb db, Announcement announcement, CancellationToken cancellationToken) =>
        db.Channels.AsNoTracking().SingleAsync(c => c.Id == announcement.Channel, cancellationToken);

    /// <summary>There is none.</summary>
    public static FanHubException NoSuchAnnouncement() => new(ErrorCodes.NotFound, "There is no such announcement.");
}
