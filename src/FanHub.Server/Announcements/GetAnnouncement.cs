using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Announcements;

/// <summary>Shows an announcement.</summary>
internal static class GetAnnouncement
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<AnnouncementView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, AnnouncementView>
    {
        /// <inheritdoc />
        public async Task<AnnouncementView> Handle(Query request, CancellationToken cancellationToken) =>
            AnnouncementView.Of(await db.Announcements.AsNoTracking().SingleOrDefaultAsync(a => a.Id == request.Id, cancellationToken) ?? throw FindAnnouncements.NoSuchAnnouncement());
    }
}
