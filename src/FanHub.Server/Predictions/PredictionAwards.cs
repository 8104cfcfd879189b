using System.Numerics;
using FanHub.Server.Leaderboards;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Predictions;

/// <summary>
/// The points of predictions. Each decision on how one ended is a version: the points under the one before are the entries that are reversed. A prediction that was revoked after it was
/// settled counts for nothing, as one more version.
/// </summary>
internal sealed class PredictionAwards : IAwardSource
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<AwardJob>> FindAsync(FanHubDb db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var decided = await db.Predictions.AsNoTracking()
            .Where(p => (p.State == QuestionState.Settled || p.State == QuestionState.Void || p.State == QuestionState.Revoked) && p.UpdatedAt >= since)
            .OrderBy(p => p.Id).ToListAsync(cancellationToken);
        return [.. decided.Where(p => p.Settlements.Count > 0).Select(Job)];
    }

    /// <summary>What a ballot earned under a decision: the points once for each correct outcome that it names.</summary>
    public static long Points(Prediction prediction, ulong choices, long version)
    {
        if (version < 1 || version > prediction.Settlements.Count)
        {
            return 0;
        }

        var correct = prediction.Settlements[(int)version - 1].Correct;
        var bits = prediction.Options.Select((o, i) => correct.Contains(o.Id, StringComparer.Ordinal) ? 1UL << i : 0).Aggregate(0UL, (all, bit) => all | bit);
        return (long)prediction.Points * BitOperations.PopCount(choices & bits);
    }

    private static AwardJob Job(Prediction prediction)
    {
        var version = prediction.Settlements.Count + (prediction.State == QuestionState.Revoked ? 1 : 0);
        return new AwardJob(
            FindStanding.OfPredictions(prediction.Channel),
            prediction.Round,
            version,
            _ => Task.FromResult<AwardRule>((ballot, under) => new Earned(Points(prediction, ballot.Value.Choices, under), SavedMs: 0)));
    }
}
