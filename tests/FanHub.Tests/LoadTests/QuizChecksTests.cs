using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Quizzes;
using FanHub.LoadTests.Scenarios;

namespace FanHub.Tests.LoadTests;

/// <summary>A load test that cannot fail shows nothing: each fault that it looks for is put in front of it.</summary>
public sealed class QuizChecksTests
{
    private static readonly DateTimeOffset Opened = new(2026, 7, 11, 20, 0, 0, TimeSpan.Zero);

    private readonly QuizLoad _load = new() { Participants = 2, Questions = 0, Seconds = 5, Scoring = QuizScoring.Speed, StreakBonus = 0, Right = 60 };
    private readonly QuizReport _report;

    public QuizChecksTests()
    {
        var right = AnswerPlans.Right(0);
        _report = new QuizReport
        {
            Answers = { new AcknowledgedAnswer?[] { new(right, "r1", Opened.AddMilliseconds(4000)) }, new AcknowledgedAnswer?[] { new(right, "r2", Opened.AddMilliseconds(8000)) } },
            Standings = { new Standing(900, 1, 2), new Standing(800, 2, 2) },
            Reveals = { Shown(QuizEvents.Shown([AnswerPlans.OptionId(right)], [new("a", 0), new("b", 2)], 2), 2) },
            Boards = { Shown(QuizEvents.Shown([(1, 900), (2, 800)], 2), 2) },
        };
    }

    [Fact]
    public void A_night_without_fault_passes() => Failed().ShouldBeEmpty();

    [Fact]
    public void A_ballot_that_is_counted_twice_is_found() => Failed(ballots: 3, counts: new() { ["a"] = 0, ["b"] = 3 }).ShouldContain(f => f.Contains("certified count"));

    [Fact]
    public void A_ballot_that_is_counted_for_another_option_is_found() => Failed(counts: new() { ["a"] = 1, ["b"] = 1 }).ShouldContain(f => f.Contains("certified count"));

    [Fact]
    public void A_running_count_that_differed_is_found() => Failed(mismatch: true).ShouldHaveSingleItem().ShouldContain("running count");

    [Fact]
    public void A_point_too_many_is_found()
    {
        _report.Standings[1] = new Standing(801, 2, 2);
        Failed().Length.ShouldBe(2);
    }

    [Fact]
    public void Points_that_are_given_to_another_fan_are_found()
    {
        (_report.Standings[0], _report.Standings[1]) = (_report.Standings[1], _report.Standings[0]);
        Failed().ShouldHaveSingleItem().ShouldContain("points or rank");
    }

    [Fact]
    public void Another_leaderboard_at_one_fan_is_found()
    {
        _report.Boards[0] = new(StringComparer.Ordinal) { [QuizEvents.Shown([(1, 900), (2, 800)], 2)] = 1, [QuizEvents.Shown([(1, 900)], 1)] = 1 };
        Failed().ShouldHaveSingleItem().ShouldContain("leaderboard");
    }

    [Fact]
    public void A_fan_who_missed_the_reveal_is_found()
    {
        _report.Reveals[0] = _report.Reveals[0].ToDictionary(r => r.Key, _ => 1, StringComparer.Ordinal);
        Failed().ShouldHaveSingleItem().ShouldContain("at the reveal");
    }

    [Theory]
    [InlineData(QuizCount.OtherReceipts)]
    [InlineData(QuizCount.WrongStatus)]
    [InlineData(QuizCount.SecondAnswers)]
    [InlineData(QuizCount.TooLate)]
    [InlineData(QuizCount.Spoilers)]
    public void What_must_not_happen_is_found(object count)
    {
        _report.Counts[(QuizCount)count] = 1;
        Failed().ShouldHaveSingleItem();
    }

    [Fact]
    public void The_same_receipt_for_two_is_found()
    {
        _report.Answers[1][0] = _report.Answers[1][0]! with { Receipt = "r1" };
        Failed().ShouldHaveSingleItem().ShouldContain("same receipt");
    }

    [Fact]
    public void An_answer_that_was_refused_and_a_lost_connection_are_found()
    {
        _report.Unexpected["closed"] = 1;
        _report.Lost.Add("gone");
        Failed().Length.ShouldBe(2);
    }

    [Fact]
    public void Reports_of_two_processes_add_up()
    {
        var sum = new QuizReport();
        sum.Add(_report with { Counts = new() { [QuizCount.Calls] = 3 }, Spans = [(5, 9)] });
        sum.Add(_report with { Counts = new() { [QuizCount.Calls] = 4 }, Spans = [(2, 7)] });

        sum.Answers.Count.ShouldBe(4);
        sum.Standings.Count.ShouldBe(4);
        sum.Boards[0].Values.ShouldBe([4]);
        sum[QuizCount.Calls].ShouldBe(7);
        sum.Spans.ShouldBe([(2, 9)]);
    }

    private static Dictionary<string, int> Shown(string what, int times) => new(StringComparer.Ordinal) { [what] = times };

    private string[] Failed(long ballots = 2, Dictionary<string, long>? counts = null, bool mismatch = false)
    {
        var question = new { opensAt = Opened, result = new { counts = counts ?? new() { ["a"] = 0, ["b"] = 2 }, ballots, mismatch = mismatch ? "2 instead of 3" : null } };
        return [.. QuizChecks.Make(_load, _report, [JsonSerializer.SerializeToElement(question)]).Where(c => !c.Passed).Select(c => c.Name)];
    }
}
