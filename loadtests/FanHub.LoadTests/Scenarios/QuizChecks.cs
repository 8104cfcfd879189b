using System.Text.Json;
using FanHub.LoadTests.Quizzes;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>What has to hold after a quiz night.</summary>
internal static class QuizChecks
{
    /// <summary>Compares what fans were told with what was counted, scored and shown.</summary>
    /// <param name="load">The quiz.</param>
    /// <param name="report">What fans were told and shown.</param>
    /// <param name="questions">The questions as the admin API shows them in the end.</param>
    public static IReadOnlyList<Check> Make(QuizLoad load, QuizReport report, IReadOnlyList<JsonElement> questions)
    {
        var checks = new List<Check>();
        var opensAt = questions.Select(q => q.GetProperty("opensAt").GetDateTimeOffset()).ToList();
        for (var question = 0; question < questions.Count; question++)
        {
            checks.AddRange(OfQuestion(load, report, opensAt, question, questions[question].GetProperty("result")));
        }

        var board = new ExpectedBoard(load, opensAt, report.Answers, questions.Count);
        var acknowledged = report.Answers.SelectMany(a => a).OfType<AcknowledgedAnswer>().ToList();
        var standings = report.Standings.Index().Where(s => (s.Item.Score, s.Item.Rank) != board.Standing(s.Index) || s.Item.Of != board.Participants);
        checks.AddRange(
        [
            Check.Equal("All fans' points together are what the receipts earn.", board.AllPoints, report.Standings.Sum(s => s.Score)),
            Check.Equal("Fans whose points or rank are other ones than their receipts make.", 0, standings.Count()),
            Check.Equal("Answers with the same receipt as another one.", 0, acknowledged.Count - acknowledged.Select(a => a.Receipt).Distinct(StringComparer.Ordinal).Count()),
            Check.Equal("Resends with another receipt than the answer.", 0, report[QuizCount.OtherReceipts]),
            Check.Equal("Wrong status: first answers are accepted, the rest repeated.", 0, report[QuizCount.WrongStatus]),
            Check.Equal("Second answers are refused, with already_voted, or with closed where the time is up.", report[QuizCount.SecondAnswers], report[QuizCount.SecondAnswersRefused]),
            Check.Equal("Answers to closed questions are refused with closed.", report[QuizCount.TooLate], report[QuizCount.TooLateRefused]),
            new("No other refusals, and no answer without a reply.", report.Unexpected.Count == 0, report.Unexpected.Count == 0 ? "0" : string.Join("; ", report.Unexpected.Select(u => FormattableString.Invariant($"{u.Value:N0} {u.Key}")))),
            Check.Equal("Messages that told what is right, or a count, before the reveal.", 0, report[QuizCount.Spoilers]),
            new("No connection was lost.", report.Lost.Count == 0, report.Lost.Count == 0 ? "0" : FormattableString.Invariant($"{report.Lost.Count:N0}, the first one: {report.Lost[0]}")),
        ]);
        return checks;
    }

    private static IEnumerable<Check> OfQuestion(QuizLoad load, QuizReport report, IReadOnlyList<DateTimeOffset> opensAt, int question, JsonElement result)
    {
        var name = question == 0 ? "Question to warm up" : FormattableString.Invariant($"Question {question}");
        var counts = result.GetProperty("counts").Deserialize<Dictionary<string, long>>()!;
        var ballots = result.GetProperty("ballots").GetInt64();
        var answers = report.Answers.Select(a => a[question]).OfType<AcknowledgedAnswer>().CountBy(a => AnswerPlans.OptionId(a.Choice), StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var same = answers.Values.Sum() == ballots && counts.All(c => c.Value == answers.GetValueOrDefault(c.Key)) && answers.Keys.All(counts.ContainsKey);
        yield return new Check($"{name}: the certified count of each option is that of the acknowledged answers.", same, FormattableString.Invariant($"{Text(counts)} of {ballots:N0}") + (same ? "" : $" instead of {Text(answers)}"));
        var running = !result.TryGetProperty("mismatch", out var mismatch) || mismatch.ValueKind == JsonValueKind.Null;
        yield return new Check($"{name}: the running count agreed with the recount.", running, mismatch.ToString());
        yield return All($"{name}: everybody saw at the reveal what is right, and the certified count.", report.Reveals[question], QuizEvents.Shown([AnswerPlans.OptionId(AnswerPlans.Right(question))], counts, ballots), report.Answers.Count);

        var board = new ExpectedBoard(load, opensAt, report.Answers, question + 1);
        yield return All($"{name}: everybody saw the leaderboard that the receipts make.", report.Boards[question], QuizEvents.Shown(board.Top, board.Participants), report.Answers.Count);
    }

    private static Check All(string name, Dictionary<string, int> shown, string expected, int fans)
    {
        var right = shown.GetValueOrDefault(expected);
        return right == fans && shown.Count == 1
            ? new Check(name, Passed: true, FormattableString.Invariant($"{right:N0}"))
            : new Check(name, Passed: false, FormattableString.Invariant($"{right:N0} of {fans:N0}") + string.Concat(shown.Where(s => !string.Equals(s.Key, expected, StringComparison.Ordinal)).Take(1).Select(s => FormattableString.Invariant($"; {s.Value:N0} saw {s.Key} instead of {expected}"))));
    }

    private static string Text(Dictionary<string, long> counts) => string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => FormattableString.Invariant($"{c.Key} {c.Value:N0}")));

    private static string Text(Dictionary<string, int> counts) => Text(counts.ToDictionary(c => c.Key, c => (long)c.Value, StringComparer.Ordinal));
}
