using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Feed;

/// <summary>Shows what is known of a message.</summary>
internal static class GetFeedMessage
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<FeedMessageView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, FeedMessageView>
    {
        /// <inheritdoc />
        public async Task<FeedMessageView> Handle(Query request, CancellationToken cancellationToken)
        {
            var id = FindMessages.Number(request.Id);
            var found = await db.Set<FeedMessage>().AsNoTracking().Where(m => m.Id == id).Select(FeedMessageFacts.Read).SingleOrDefaultAsync(cancellationToken);
            return FeedMessageView.Of(found ?? throw FindMessages.NoSuchMessage());
        }
    }
}
