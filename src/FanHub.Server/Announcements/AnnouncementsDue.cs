using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Announcements;

/// <summary>Announcements that appear, and go away, by themselves.</summary>
internal sealed class AnnouncementsDue(TimeProvider time) : IDueWork
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<Due>> FindAsync(FanHubDb db, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var all = await db.Announcements.AsNoTracking().Where(a => a.State == AnnouncementState.Scheduled || (a.State == AnnouncementState.Published && a.ExpiresAt != null))
            .Select(a => new { a.Id, a.State, a.OpensAt, a.ExpiresAt }).ToListAsync(cancellationToken);
        var due = new List<Due>(all.Count);
        foreach (var one in all)
        {
            // Where nobody was up for all its time, it is not shown for a moment only to be taken away.
            if (one.ExpiresAt is { } expiresAt && (one.State == AnnouncementState.Published || expiresAt <= now))
            {
                due.Add(new Due($"announcement:{one.Id}:expire", expiresAt, (services, token) => ExpireAsync(services, one.Id, token)));
            }
            else
            {
                due.Add(new Due($"announcement:{one.Id}:publish", one.OpensAt ?? DateTimeOffset.MinValue, (services, token) => PublishAsync(services, one.Id, token)));
            }
        }

        return due;
    }

    private async Task PublishAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        var announcement = await FindAsync(services, id, cancellationToken);
        // It may have been put off since.
        if (announcement.State == AnnouncementState.Scheduled && announcement.OpensAt <= time.GetUtcNow())
        {
            await services.GetRequiredService<IMediator>().Send(new PublishAnnouncement.Command(id, IfMatch.None, ByClock: true), cancellationToken);
        }
    }

    private async Task ExpireAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        var announcement = await FindAsync(services, id, cancellationToken);
        if (announcement.State is AnnouncementState.Scheduled or AnnouncementState.Published && announcement.ExpiresAt <= time.GetUtcNow())
        {
            await services.GetRequiredService<IMediator>().Send(new ExpireAnnouncement.Command(id), cancellationToken);
        }
    }

    private static Task<Announcement> FindAsync(IServiceProvider services, string id, CancellationToken cancellationToken) =>
        services.GetRequiredService<FanHubDb>().FindAnnouncementAsync(id, IfMatch.None, cancellationToken);
}
