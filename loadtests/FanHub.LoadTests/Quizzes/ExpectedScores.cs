using FanHub.Contracts;

namespace FanHub.LoadTests.Quizzes;

/// <summary>What answers earn, worked out from what the protocol's description says, and from nothing of the server's.</summary>
internal static class ExpectedScores
{
    private const decimal InstantMs = 500;
    private const int LongestStreak = 5;

    /// <summary>What a right answer earns.</summary>
    /// <param name="scoring">How.</param>
    /// <param name="points">What it earns at most.</param>
    /// <param name="limitMs">The time limit.</param>
    /// <param name="takenMs">From the question's opening to the receipt's moment.</param>
    public static long Points(QuizScoring scoring, int points, long limitMs, long takenMs)
    {
        if (scoring == QuizScoring.Accuracy || takenMs < InstantMs)
        {
            return points;
        }

        // round(P * (1 - t/T/2)), with one division, at the end: in decimals, halves are exact.
        var share = points * ((2m * limitMs) - takenMs) / (2m * limitMs);
        var least = scoring == QuizScoring.Floor && takenMs * 3m > limitMs ? points / 2m : 0;
        return (long)Math.Round(Math.Max(share, least), MidpointRounding.AwayFromZero);
    }

    /// <summary>What of the time limit is left.</summary>
    public static long SavedMs(long limitMs, long takenMs) => Math.Max(0, limitMs - takenMs);

    /// <summary>What answers in a row add.</summary>
    public static long Streak(int bonus, int before) => bonus * Math.Min(before, LongestStreak);
}
