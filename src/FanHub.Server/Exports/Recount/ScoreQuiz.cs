namespace FanHub.Server.Exports.Recount;

/// <summary>Works out what everybody has in a quiz, by its rules, from the answers.</summary>
internal sealed class ScoreQuiz(StatedExport export, Differences differences)
{
    private const long Instant = 500;
    private const int LongestStreak = 5;

    private readonly Dictionary<UInt128, Total> _totals = [];
    private readonly HashSet<UInt128> _placed = [];
    private Dictionary<(long Score, long SavedMs), long>? _ranks;
    private int _question;

    /// <summary>How many take part.</summary>
    public int Fans => _totals.Count;

    /// <summary>The next question begins.</summary>
    public void Next() => _question++;

    /// <summary>Adds what an answer is worth.</summary>
    public void Add(StatedQuestion question, in StatedBallot answer)
    {
        // Only what was revealed counts.
        if (!string.Equals(question.State, "revealed", StringComparison.Ordinal))
        {
            return;
        }

        var limit = question.Seconds * 1000;
        var taken = Math.Max(0, answer.ElapsedMs - answer.CreditMs);
        var total = _totals.GetValueOrDefault(answer.Fan);
        total.SavedMs += Math.Max(0, limit - taken);
        if (IsRight(question, answer.Choices))
        {
            var before = total.LastRight == _question - 1 ? total.Streak : 0;
            total.Score += Points(export.Scoring, question.Points, limit, taken) + (export.StreakBonus * Math.Min(before, LongestStreak));
            total.Streak = before + 1;
            total.LastRight = _question;
        }

        _totals[answer.Fan] = total;
    }

    /// <summary>Compares a place with what was worked out.</summary>
    public void Compare(in StatedPlace place)
    {
        var fan = StatedText.Of(place.Fan);
        if (!_placed.Add(place.Fan))
        {
            differences.Add($"Leaderboard: fan {fan} is there more than once.");
        }
        else if (!_totals.TryGetValue(place.Fan, out var total))
        {
            differences.Add($"Leaderboard: fan {fan} has answered nothing.");
        }
        else
        {
            differences.Compare($"Leaderboard: score of fan {fan}", total.Score, place.Score);
            differences.Compare($"Leaderboard: time saved by fan {fan}, in ms", total.SavedMs, place.SavedMs);
            differences.Compare($"Leaderboard: rank of fan {fan}", (_ranks ??= Ranks())[(total.Score, total.SavedMs)], place.Rank);
        }
    }

    /// <summary>Looks who has no place.</summary>
    public void Finish()
    {
        foreach (var fan in _totals.Keys.Where(f => !_placed.Contains(f)))
        {
            differences.Add($"Leaderboard: fan {StatedText.Of(fan)} is missing, with {FormattableString.Invariant($"{_totals[fan].Score}")} points.");
        }
    }

    private static bool IsRight(StatedQuestion question, IReadOnlyList<string> choices) =>
        question.MaxChoices == 1
            ? choices.Any(c => question.Correct.Contains(c, StringComparer.Ordinal))
            : choices.Count == question.Correct.Count && choices.All(c => question.Correct.Contains(c, StringComparer.Ordinal));

    private static long Points(string? scoring, long points, long limit, long taken)
    {
        if (scoring == "accuracy" || taken < Instant)
        {
            return points;
        }

        // points * (1 - taken / limit / 2), not below 0, as a fraction of twice the limit; with floor not below half, once a third of the time is over. A half is rounded up.
        var twice = 2 * limit;
        var fraction = Math.Max(0, points * (twice - taken));
        if (scoring == "floor" && 3 * taken > limit && fraction < points * limit)
        {
            fraction = points * limit;
        }

        var (whole, rest) = Math.DivRem(fraction, twice);
        return 2 * rest >= twice ? whole + 1 : whole;
    }

    // More points first, then more time saved; who is equal in both shares the rank, and the next one's tells how many are before.
    private Dictionary<(long Score, long SavedMs), long> Ranks()
    {
        var sorted = _totals.Values.Select(t => (t.Score, t.SavedMs)).OrderDescending().ToArray();
        var ranks = new Dictionary<(long Score, long SavedMs), long>();
        for (var i = 0; i < sorted.Length; i++)
        {
            ranks.TryAdd(sorted[i], i + 1);
        }

        return ranks;
    }

    private record struct Total(long Score, long SavedMs, int LastRight, int Streak);
}
