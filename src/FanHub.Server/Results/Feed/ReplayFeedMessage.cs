using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Feed;

/// <summary>Has a message looked at once more: one that could not be read, after whatever stood in the way is mended.</summary>
internal static class ReplayFeedMessage
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id) : IRequest<FeedMessageView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, FeedSignal signal) : IRequestHandler<Command, FeedMessageView>
    {
        /// <inheritdoc />
        public async Task<FeedMessageView> Handle(Command request, CancellationToken cancellationToken)
        {
            var id = FindMessages.Number(request.Id);
            var message = await db.Set<FeedMessage>().SingleOrDefaultAsync(m => m.Id == id, cancellationToken) ?? throw FindMessages.NoSuchMessage();
            message.Replay();
            db.AfterCommit(signal.Wake);
            await db.SaveChangesAsync(cancellationToken);
            return FeedMessageView.Of(FeedMessageFacts.Of(message));
        }
    }
}
