using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Announcements;

/// <summary>What channels are to hold of announcements: those that are published, and that the others have gone.</summary>
internal sealed class AnnouncementLiveItems : ILiveContent
{
    /// <inheritdoc />
    public async Task AddAsync(FanHubDb db, LiveContent content, CancellationToken cancellationToken)
    {
        var channels = content.ChannelIds;
        var seen = await db.Announcements.AsNoTracking().Where(a => channels.Contains(a.Channel) && a.PublishedAt != null).OrderBy(a => a.Id).ToListAsync(cancellationToken);
        foreach (var announcement in seen)
        {
            content.Add(announcement.Channel, AnnouncementItems.State(announcement, content.DefaultLocale(announcement.Channel)));
        }
    }
}
