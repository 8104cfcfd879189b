using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Rehearsals;

/// <summary>Shows rehearsals.</summary>
internal static class FindRehearsals
{
    /// <summary>A node that has not been heard of for so long plays no more.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Asks for one.</summary>
    internal sealed record Query(string Id) : IRequest<RehearsalView>;

    /// <summary>Asks for a page.</summary>
    internal sealed record ListQuery(string? Cursor, int? Limit) : IRequest<Page<RehearsalView>>;

    /// <summary>Finds one.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Query, RehearsalView>
    {
        /// <inheritdoc />
        public async Task<RehearsalView> Handle(Query request, CancellationToken cancellationToken) =>
            View(await db.Rehearsals.AsNoTracking().SingleOrDefaultAsync(r => r.Id == request.Id && !r.RemovalAsked, cancellationToken) ?? throw NoSuch(), time.NowMs());
    }

    /// <summary>Lists them.</summary>
    internal sealed class ListHandler(FanHubDb db, TimeProvider time) : IRequestHandler<ListQuery, Page<RehearsalView>>
    {
        /// <inheritdoc />
        public async Task<Page<RehearsalView>> Handle(ListQuery request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var rehearsals = db.Rehearsals.AsNoTracking().Where(r => !r.RemovalAsked);
            if (Paging.After(request.Cursor) is { } after)
            {
                rehearsals = rehearsals.Where(r => string.Compare(r.Id, after) > 0);
            }

            var read = await rehearsals.OrderBy(r => r.Id).Take(limit + 1).ToListAsync(cancellationToken);
            return Paging.Of(read, limit, r => r.Id, r => View(r, time.NowMs()));
        }
    }

    /// <summary>There is none under that id.</summary>
    public static FanHubException NoSuch() => new(ErrorCodes.NotFound, "There is no such rehearsal.");

    private static RehearsalView View(Rehearsal rehearsal, DateTimeOffset now)
    {
        if (rehearsal.State == RehearsalState.Running && now - rehearsal.SeenAt > Silence)
        {
            (rehearsal.State, rehearsal.Error) = (RehearsalState.Failed, "The node that played it is gone.");
        }

        return RehearsalView.Of(rehearsal);
    }
}
