namespace FanHub.Server.Exports.Recount;

/// <summary>What ballots of a prediction earn: the points, for each outcome named that was correct in the last decision. A prediction that was taken away earns nothing.</summary>
internal static class PredictionPoints
{
    /// <summary>What a ballot earns; null while there is no decision.</summary>
    public static long? Of(StatedExport export, in StatedBallot ballot)
    {
        if (export.Settlements.Count == 0)
        {
            return null;
        }

        var correct = string.Equals(export.State, "revoked", StringComparison.Ordinal) ? [] : export.Settlements[^1];
        return export.Points * ballot.Choices.Count(c => correct.Contains(c, StringComparer.Ordinal));
    }
}
