using FanHub.Contracts;
using FanHub.Server.Ballots;
using FanHub.Server.Quizzes;

namespace FanHub.Tests.Server.Quizzes;

/// <summary>Worked out by hand, from the rules alone.</summary>
public sealed class QuizScoreTests
{
    [Theory]
    // 1000 * (1 - t / 20000 / 2)
    [InlineData(0, 1000)]
    [InlineData(499, 1000)]
    [InlineData(500, 988)] // 987.5, halves away from zero
    [InlineData(1_000, 975)]
    [InlineData(5_140, 872)] // 871.5, which fractions of two make a little less
    [InlineData(6_667, 833)] // 833.325
    [InlineData(10_000, 750)]
    [InlineData(20_000, 500)]
    [InlineData(20_400, 490)] // within the grace
    [InlineData(30_000, 250)] // more time
    [InlineData(40_000, 0)]
    [InlineData(40_500, 0)] // never below
    public void Speed_loses_half_of_the_points_over_the_time_limit(long takenMs, int points) => QuizScore.Points(QuizScoring.Speed, 1000, 20_000, takenMs).ShouldBe(points);

    [Theory]
    [InlineData(0)]
    [InlineData(19_999)]
    [InlineData(40_000)]
    public void Accuracy_is_worth_the_same_at_any_time(long takenMs) => QuizScore.Points(QuizScoring.Accuracy, 700, 20_000, takenMs).ShouldBe(700);

    [Theory]
    [InlineData(499, 1000)]
    [InlineData(1_000, 975)]
    [InlineData(10_000, 750)]
    [InlineData(20_000, 500)]
    [InlineData(30_000, 500)] // by speed alone it would be 250
    [InlineData(40_000, 500)]
    public void Floor_is_speed_and_never_less_than_half_after_a_third_of_the_time(long takenMs, int points) =>
        QuizScore.Points(QuizScoring.Floor, 1000, 20_000, takenMs).ShouldBe(points);

    [Fact]
    public void Half_of_an_odd_number_is_rounded_up() => QuizScore.Points(QuizScoring.Floor, 333, 10_000, 20_000).ShouldBe(167);

    [Theory]
    [InlineData(0b001, 0b001, 1, true)]
    [InlineData(0b010, 0b001, 1, false)]
    [InlineData(0b010, 0b011, 1, true)] // any of two correct ones
    [InlineData(0b011, 0b011, 2, true)]
    [InlineData(0b001, 0b011, 2, false)] // not all of them
    [InlineData(0b111, 0b011, 3, false)] // one too many
    public void An_answer_is_right_by_one_choice_or_by_exactly_all(ulong choices, ulong correct, int maxChoices, bool right) =>
        QuizScore.IsRight(choices, correct, maxChoices).ShouldBe(right);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 100)]
    [InlineData(5, 500)]
    [InlineData(9, 500)]
    public void A_streak_grows_five_times(int before, int bonus) => QuizScore.Streak(100, before).ShouldBe(bonus);

    [Fact]
    public void The_delay_of_the_video_is_taken_off_and_no_more()
    {
        new StoredBallot(1, 0, ElapsedMs: 32_000, CreditMs: 30_000).TakenMs.ShouldBe(2_000);
        new StoredBallot(1, 0, ElapsedMs: 3_000, CreditMs: 30_000).TakenMs.ShouldBe(0);
        QuizScore.SavedMs(new StoredBallot(1, 0, 32_000, 30_000), 20_000).ShouldBe(18_000);
        QuizScore.SavedMs(new StoredBallot(1, 0, 35_000), 20_000).ShouldBe(0);
    }
}
