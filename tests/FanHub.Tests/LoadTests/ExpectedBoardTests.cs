using FanHub.Contracts;
using FanHub.LoadTests.Quizzes;
using FanHub.Server.Ballots;
using FanHub.Server.Quizzes;

namespace FanHub.Tests.LoadTests;

/// <summary>What a quiz night expects of a leaderboard, worked out without the server's code, and compared with it.</summary>
public sealed class ExpectedBoardTests
{
    private static readonly DateTimeOffset Opened = new(2026, 7, 11, 20, 0, 0, TimeSpan.Zero);

    private readonly QuizLoad _load = new() { Participants = 4, Questions = 1, Seconds = 5, Scoring = QuizScoring.Speed, StreakBonus = 100, Right = 60 };

    [Theory]
    [InlineData(QuizScoring.Speed)]
    [InlineData(QuizScoring.Accuracy)]
    [InlineData(QuizScoring.Floor)]
    public void Every_millisecond_of_a_question_is_worth_what_the_server_gives(QuizScoring scoring)
    {
        foreach (var (points, limitMs) in new[] { (1000, 5000), (1000, 20_000), (333, 7000), (1, 1000) })
        {
            for (var taken = 0L; taken < 2 * limitMs; taken++)
            {
                ExpectedScores.Points(scoring, points, limitMs, taken).ShouldBe(QuizScore.Points(scoring, points, limitMs, taken), $"{points} points, {taken} of {limitMs} ms");
                ExpectedScores.SavedMs(limitMs, taken).ShouldBe(QuizScore.SavedMs(new StoredBallot(1, 1, taken), limitMs));
            }
        }
    }

    [Fact]
    public void Points_time_streaks_and_shared_ranks_follow_from_the_receipts()
    {
        var board = Board(
            [Right(0, 4000), Right(1, 2000)], // 900 of 20 s, 800 of 5 s, and 100
            [Right(0, 4000), Wrong(1, 2000)], // 900
            [Wrong(0, 4000), Right(1, 1000)], // 900, and saved more
            [null, null]);

        board.Participants.ShouldBe(3);
        board.AllPoints.ShouldBe(3600);
        board.Standing(0).ShouldBe((1800, 1));
        board.Standing(1).ShouldBe((900, 3));
        board.Standing(2).ShouldBe((900, 2));
        board.Standing(3).ShouldBe((0, null));
        board.Top.ShouldBe([(1, 1800), (2, 900), (3, 900)]);
    }

    [Fact]
    public void Who_is_level_shares_the_rank()
    {
        var board = Board([Right(0, 600), null], [Right(0, 600), null], [Wrong(0, 600), null]);

        board.Top.Select(row => row.Rank).ShouldBe([1L, 1L, 3L]);
    }

    private ExpectedBoard Board(params AcknowledgedAnswer?[][] answers) => new(_load, [Opened, Opened], answers, questions: 2);

    private static AcknowledgedAnswer Right(int question, int takenMs) => new(AnswerPlans.Right(question), "r", Opened.AddMilliseconds(takenMs));

    private static AcknowledgedAnswer Wrong(int question, int takenMs) => Right(question, takenMs) with { Choice = (AnswerPlans.Right(question) + 1) % AnswerPlans.Options };
}
