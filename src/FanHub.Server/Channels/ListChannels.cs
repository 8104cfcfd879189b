using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Channels;

/// <summary>Lists the channels by id.</summary>
internal static class ListChannels
{
    /// <summary>Asks for a page.</summary>
    internal sealed record Query(string? Cursor, int? Limit) : IRequest<Page<ChannelView>>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, Page<ChannelView>>
    {
        /// <inheritdoc />
        public async Task<Page<ChannelView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var channels = db.Channels.AsNoTracking();
            if (Paging.After(request.Cursor) is { } after)
            {
                channels = channels.Where(c => string.Compare(c.Id, after) > 0);
            }

            var read = await channels.OrderBy(c => c.Id).Take(limit + 1).ToListAsync(cancellationToken);
            return Paging.Of(read, limit, c => c.Id, ChannelView.Of);
        }
    }
}
