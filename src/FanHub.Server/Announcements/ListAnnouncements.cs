using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Announcements;

/// <summary>Lists announcements, the newest first.</summary>
internal static class ListAnnouncements
{
    /// <summary>Asks for a page.</summary>
    internal sealed record Query(string? Channel, string? State, string? Cursor, int? Limit) : IRequest<Page<AnnouncementView>>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, Page<AnnouncementView>>
    {
        /// <inheritdoc />
        public async Task<Page<AnnouncementView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var announcements = db.Announcements.AsNoTracking();
            if (!string.IsNullOrEmpty(request.Channel))
            {
                announcements = announcements.Where(a => a.Channel == request.Channel);
            }

            if (!string.IsNullOrEmpty(request.State))
            {
                var state = AnnouncementStates.Find(request.State) ?? throw FieldErrors.Single("state", $"has to be one of {string.Join(", ", AnnouncementStates.Names)}");
                announcements = announcements.Where(a => a.State == state);
            }

            if (Paging.After(request.Cursor) is { } after)
            {
                announcements = announcements.Where(a => string.Compare(a.Id, after) < 0);
            }

            var read = await announcements.OrderByDescending(a => a.Id).Take(limit + 1).ToListAsync(cancellationToken);
            return Paging.Of(read, limit, a => a.Id, AnnouncementView.Of);
        }
    }
}
