using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Cheers;

/// <summary>What channels are to hold of reactions.</summary>
internal sealed class ReactionsLiveItems : ILiveContent
{
    /// <inheritdoc />
    public async Task AddAsync(FanHubDb db, LiveContent content, CancellationToken cancellationToken)
    {
        var channels = content.ChannelIds;
        foreach (var reactions in await db.Reactions.AsNoTracking().Where(r => channels.Contains(r.Channel)).ToListAsync(cancellationToken))
        {
            content.Add(reactions.Channel, ReactionsItems.State(reactions));
        }
    }
}
