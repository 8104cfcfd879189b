using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Feed;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Editors;

/// <summary>Shows a unit's result.</summary>
internal static class GetResult
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Unit) : IRequest<ResultView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IOptions<FeedOptions> options) : IRequestHandler<Query, ResultView>
    {
        /// <inheritdoc />
        public async Task<ResultView> Handle(Query request, CancellationToken cancellationToken)
        {
            var key = DeskKeys.Result(request.Unit);
            return await db.BoardItems.AsNoTracking().SingleOrDefaultAsync(i => i.Key == key && i.Data != null, cancellationToken) is { } item
                ? ResultView.Of(item, options.Value.Locale)
                : throw new FanHubException(ErrorCodes.NotFound, "There is no result of this unit.");
        }
    }
}

/// <summary>Lists the results that are shown, by their units.</summary>
internal static class ListResults
{
    /// <summary>Asks for a page.</summary>
    internal sealed record Query(string? Cursor, int? Limit) : IRequest<Page<ResultView>>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IOptions<FeedOptions> options) : IRequestHandler<Query, Page<ResultView>>
    {
        /// <inheritdoc />
        public async Task<Page<ResultView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var items = db.BoardItems.AsNoTracking().Where(i => i.Kind == ItemKinds.Result && i.Data != null);
            if (Paging.After(request.Cursor) is { } after)
            {
                items = items.Where(i => string.Compare(i.Key, after) > 0);
            }

            var read = await items.OrderBy(i => i.Key).Take(limit + 1).ToListAsync(cancellationToken);
            return Paging.Of(read, limit, i => i.Key, i => ResultView.Of(i, options.Value.Locale));
        }
    }
}
