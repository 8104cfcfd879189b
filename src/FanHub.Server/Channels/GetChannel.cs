using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Channels;

/// <summary>Shows a channel.</summary>
internal static class GetChannel
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<ChannelView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, ChannelView>
    {
        /// <inheritdoc />
        public async Task<ChannelView> Handle(Query request, CancellationToken cancellationToken)
        {
            var channel = await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken);
            return channel is null ? throw new FanHubException(ErrorCodes.NotFound, "There is no such channel.") : ChannelView.Of(channel);
        }
    }
}
