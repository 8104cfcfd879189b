using System.Globalization;
using System.Text.Json.Nodes;

namespace FanHub.Tests.Server.Model;

/// <summary>A fan's total.</summary>
/// <param name="Points">All points.</param>
/// <param name="SavedMs">What was left of the time limits: less answer time is more of it.</param>
internal readonly record struct ModelTotal(long Points, long SavedMs);

/// <summary>Who has how many points: worked out from all ballots every time.</summary>
internal sealed class ModelBoard(string id, IReadOnlyDictionary<long, ModelTotal> totals)
{
    private const int ShownFans = 20;
    private const int LongestStreak = 5;
    private const int InstantMs = 500;

    public string Id => id;

    public IReadOnlyDictionary<long, ModelTotal> Totals => totals;

    /// <summary>Whether it may be missing from its channel.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>That of a channel's predictions; null before one is decided. Who took part in one that was decided is on it, with points or without.</summary>
    public static ModelBoard? OfPredictions(string channel, IEnumerable<ModelQuestion> predictions)
    {
        var decided = predictions.Where(p => p.Settlements.Count > 0).ToList();
        var all = decided.SelectMany(p => p.Box.Ballots.Select(b => (b.Key, Points: PointsOf(p, b.Value))));
        // Where all were revoked there is nothing to show, though it may still be there.
        return decided.Count == 0 ? null
            : new ModelBoard($"predictions.{channel}", all.GroupBy(b => b.Key).ToDictionary(b => b.Key, b => new ModelTotal(b.Sum(x => x.Points), 0))) { IsOptional = decided.All(p => p.State == "revoked") };
    }

    /// <summary>That of a quiz; null before a question is revealed, and after it was revoked.</summary>
    public static ModelBoard? OfQuiz(ModelQuiz quiz)
    {
        var revealed = quiz.Questions.Where(q => q.State == "revealed").ToList();
        if (revealed.Count == 0 || quiz.State == "revoked")
        {
            return null;
        }

        var totals = new Dictionary<long, ModelTotal>();
        foreach (var fan in revealed.SelectMany(q => q.Box.Ballots.Keys).Distinct())
        {
            var (points, saved, streak) = (0L, 0L, 0);
            foreach (var question in revealed)
            {
                var ballot = question.Box.Ballots.GetValueOrDefault(fan);
                var isRight = ballot is not null && question.IsRight(ballot);
                if (isRight)
                {
                    points += PointsOf(quiz.Scoring, question.Points, question.Seconds * 1000, TakenMs(question, ballot!)) + (quiz.StreakBonus * Math.Min(streak, LongestStreak));
                }

                saved += ballot is null ? 0 : Math.Max(0, (question.Seconds * 1000) - TakenMs(question, ballot));
                streak = isRight ? streak + 1 : 0;
            }

            totals[fan] = new ModelTotal(points, saved);
        }

        return new ModelBoard(quiz.Id, totals);
    }

    /// <summary>1, 2, 2, 4; null for who takes no part.</summary>
    public long? RankOf(long fan) => totals.TryGetValue(fan, out var own) ? 1 + totals.Values.Count(other => IsBetter(other, own)) : null;

    /// <summary>The item that fans see.</summary>
    public Shown Item()
    {
        var top = totals.Keys.OrderBy(RankOf).ThenBy(f => f).Take(ShownFans)
            .Select(f => new JsonObject { ["rank"] = RankOf(f), ["name"] = string.Create(CultureInfo.InvariantCulture, $"Fan {f % 10_000:0000}"), ["score"] = totals[f].Points });
        return new Shown($"leaderboard:{id}", new JsonObject { ["of"] = id, ["top"] = new JsonArray([.. top]), ["participants"] = totals.Count }, Optional: IsOptional);
    }

    /// <summary>In whole numbers: P (1 - t / 2T) is P (2T - t) / 2T, and a half is rounded up.</summary>
    private static long PointsOf(string scoring, long points, long limitMs, long takenMs)
    {
        if (scoring == "accuracy" || takenMs < InstantMs)
        {
            return points;
        }

        var (whole, parts) = (points * Math.Max(0, (2 * limitMs) - takenMs), 2 * limitMs);
        if (scoring == "floor" && 3 * takenMs > limitMs)
        {
            whole = Math.Max(whole, points * limitMs);
        }

        return ((2 * whole) + parts) / (2 * parts);
    }

    private static long TakenMs(ModelQuizQuestion question, ModelBallot ballot) => Math.Max(0, (long)(ballot.At - question.OpensAt!.Value).TotalMilliseconds - ballot.CreditMs);

    private static long PointsOf(ModelQuestion prediction, ModelBallot ballot) =>
        prediction.State == "revoked" ? 0 : prediction.Points * (long)ballot.Choices.Count(c => prediction.Settlements[^1].Correct.Contains(prediction.Box.Options[c]));

    private static bool IsBetter(ModelTotal one, ModelTotal other) => one.Points > other.Points || (one.Points == other.Points && one.SavedMs > other.SavedMs);
}
