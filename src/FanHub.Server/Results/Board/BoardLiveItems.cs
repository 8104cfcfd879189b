using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Board;

/// <summary>What channels are to hold of results.</summary>
internal sealed class BoardLiveItems : ILiveContent
{
    /// <inheritdoc />
    public async Task AddAsync(FanHubDb db, LiveContent content, CancellationToken cancellationToken)
    {
        var channels = content.ChannelIds;
        var places = await db.BoardPlaces.AsNoTracking().Where(p => channels.Contains(p.Channel))
            .Join(db.BoardItems.AsNoTracking(), p => p.Key, i => i.Key, (p, i) => new { p.Channel, Item = i }).ToListAsync(cancellationToken);
        foreach (var place in places)
        {
            content.Add(place.Channel, BoardUpdate.Of(place.Item).On(place.Channel, content.DefaultLocale(place.Channel)));
        }
    }
}
