using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Cheers;

/// <summary>Shows how fans may cheer in a channel.</summary>
internal static class GetReactions
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Channel) : IRequest<ReactionsView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, ReactionsView>
    {
        /// <inheritdoc />
        public async Task<ReactionsView> Handle(Query request, CancellationToken cancellationToken)
        {
            var reactions = await db.Reactions.AsNoTracking().SingleOrDefaultAsync(r => r.Channel == request.Channel, cancellationToken);
            return reactions is null ? throw new FanHubException(ErrorCodes.NotFound, "Nobody has decided how fans may cheer in this channel.") : ReactionsView.Of(reactions);
        }
    }
}
