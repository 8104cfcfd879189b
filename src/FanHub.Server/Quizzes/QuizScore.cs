using FanHub.Contracts;
using FanHub.Server.Ballots;

namespace FanHub.Server.Quizzes;

/// <summary>What answers are worth. Pure arithmetic: whoever has the ballots of a question and what was correct gets the same.</summary>
internal static class QuizScore
{
    /// <summary>Below this, a correct answer earns all of a question's points.</summary>
    public const long InstantMs = 500;

    /// <summary>How many answers in a row the bonus grows with after the first.</summary>
    public const int LongestStreak = 5;

    /// <summary>
    /// What a correct answer earns. <c>speed</c>: <c>round(P * (1 - t/T/2))</c>, halves away from zero, all of P below <see cref="InstantMs"/>, never below 0; <c>accuracy</c>: P;
    /// <c>floor</c>: as <c>speed</c>, but at least half of P after a third of T. Who asked for more time may take longer than T.
    /// </summary>
    /// <param name="scoring">How.</param>
    /// <param name="points">P, what it earns at most.</param>
    /// <param name="limitMs">T, the time limit in ms.</param>
    /// <param name="takenMs">t, the time taken in ms, the delay of the fan's video taken off as far as the editor allows.</param>
    public static int Points(QuizScoring scoring, int points, long limitMs, long takenMs)
    {
        if (scoring == QuizScoring.Accuracy || takenMs < InstantMs)
        {
            return points;
        }

        // In whole numbers, twice the limit as the denominator: what lies halfway between two does not depend on how a fraction is held.
        var left = Math.Max(0, (2 * limitMs) - takenMs);
        if (scoring == QuizScoring.Floor && takenMs * 3 > limitMs)
        {
            left = Math.Max(left, limitMs);
        }

        return (int)(((points * left) + limitMs) / (2 * limitMs));
    }

    /// <summary>Whether an answer is right: with one choice where that is one of the correct options, with more where they are exactly the correct ones.</summary>
    public static bool IsRight(ulong choices, ulong correct, int maxChoices) => maxChoices == 1 ? (choices & correct) != 0 : choices == correct;

    /// <summary>What a streak adds to a correct answer.</summary>
    /// <param name="bonus">What each answer after the first adds.</param>
    /// <param name="before">How many correct answers came right before this one.</param>
    public static int Streak(int bonus, int before) => bonus * Math.Min(before, LongestStreak);

    /// <summary>What of the time limit was left: who are level in points are told apart by it. Who did not answer has saved nothing.</summary>
    public static long SavedMs(StoredBallot answer, long limitMs) => Math.Max(0, limitMs - answer.TakenMs);
}
