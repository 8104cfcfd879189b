using FanHub.Server.Leaderboards;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Predictions;

/// <summary>What channels are to hold of the leaderboard of their predictions.</summary>
internal sealed class PredictionBoardLiveItems(LeaderboardItems boards) : ILiveContent
{
    /// <inheritdoc />
    public async Task AddAsync(FanHubDb db, LiveContent content, CancellationToken cancellationToken)
    {
        var channels = content.ChannelIds;
        var decided = await db.Predictions.AsNoTracking()
            .Where(p => channels.Contains(p.Channel) && (p.State == Questions.QuestionState.Settled || p.State == Questions.QuestionState.Void))
            .Select(p => p.Channel).Distinct().ToListAsync(cancellationToken);
        foreach (var channel in decided)
        {
            content.Add(channel, await boards.MakeAsync(FindStanding.OfPredictions(channel), cancellationToken));
        }
    }
}
