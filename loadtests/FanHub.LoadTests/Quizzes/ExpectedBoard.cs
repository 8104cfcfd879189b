namespace FanHub.LoadTests.Quizzes;

/// <summary>The leaderboard as the receipts make it: worked out from them and from nothing that the server says of points.</summary>
internal sealed class ExpectedBoard
{
    /// <summary>What each question earns at most.</summary>
    public const int Points = 1000;

    private const int Shown = 20;

    private readonly QuizLoad _load;
    private readonly IReadOnlyList<DateTimeOffset> _opensAt;
    private readonly (long Points, long SavedMs)?[] _totals;
    private readonly (long Points, long SavedMs)[] _ranking;

    /// <summary>The board after so many questions.</summary>
    /// <param name="load">The quiz.</param>
    /// <param name="opensAt">When each question opened.</param>
    /// <param name="answers">For each fan, the answers that got a receipt.</param>
    /// <param name="questions">How many questions count.</param>
    public ExpectedBoard(QuizLoad load, IReadOnlyList<DateTimeOffset> opensAt, IReadOnlyList<AcknowledgedAnswer?[]> answers, int questions)
    {
        (_load, _opensAt) = (load, opensAt);
        _totals = [.. answers.Select(own => Total(own.Take(questions)))];
        _ranking = [.. _totals.OfType<(long Points, long SavedMs)>().OrderDescending()];
    }

    /// <summary>How many take part: who has at least one receipt.</summary>
    public long Participants => _ranking.Length;

    /// <summary>All points of all fans.</summary>
    public long AllPoints => _ranking.Sum(t => t.Points);

    /// <summary>The first of them, with their ranks.</summary>
    public IEnumerable<(long Rank, long Score)> Top => _ranking.Take(Shown).Select(t => (Rank(t), t.Points));

    /// <summary>What a fan has, and where that puts the fan; no rank for who takes no part.</summary>
    public (long Score, long? Rank) Standing(int fan) => _totals[fan] is { } total ? (total.Points, Rank(total)) : (0, null);

    private long Rank((long Points, long SavedMs) total)
    {
        // One more than there are better ones.
        var (from, to) = (0, _ranking.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = _ranking[middle].CompareTo(total) > 0 ? (middle + 1, to) : (from, middle);
        }

        return from + 1;
    }

    private (long Points, long SavedMs)? Total(IEnumerable<AcknowledgedAnswer?> answers)
    {
        var (points, saved, streak, any) = (0L, 0L, 0, false);
        foreach (var (question, answer) in answers.Index())
        {
            if (answer is null)
            {
                streak = 0;
                continue;
            }

            any = true;
            var limitMs = _load.SecondsOf(question) * 1000L;
            var taken = (long)(answer.At - _opensAt[question]).TotalMilliseconds;
            saved += ExpectedScores.SavedMs(limitMs, taken);
            if (answer.Choice == AnswerPlans.Right(question))
            {
                points += ExpectedScores.Points(_load.Scoring, Points, limitMs, taken) + ExpectedScores.Streak(_load.StreakBonus, streak++);
            }
            else
            {
                streak = 0;
            }
        }

        return any ? (points, saved) : null;
    }
}
