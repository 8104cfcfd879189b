using FanHub.Contracts;

namespace FanHub.LoadTests.Quizzes;

/// <summary>A quiz and who takes part, as the person who starts a load test decides.</summary>
internal sealed record QuizLoad
{
    /// <summary>Fans, each with a session and a connection of its own.</summary>
    public required int Participants { get; init; }

    // Code that ran often is compiled again, and better: the first question, which has more time, is checked, but not measured.
    private const int WarmUpTimes = 4;

    /// <summary>Questions, one after the other, that are measured. One to warm up comes before them.</summary>
    public required int Questions { get; init; }

    /// <summary>Each question's time.</summary>
    public required int Seconds { get; init; }

    /// <summary>All questions, with the first one.</summary>
    public int Asked => Questions + 1;

    /// <summary>How answers earn points.</summary>
    public required QuizScoring Scoring { get; init; }

    /// <summary>What each right answer in a row after the first adds.</summary>
    public required int StreakBonus { get; init; }

    /// <summary>Percentage of the answers that are right.</summary>
    public required double Right { get; init; }

    /// <summary>A question's time: those that are measured have <see cref="Seconds"/>.</summary>
    /// <param name="question">From 0, which is the one to warm up.</param>
    public int SecondsOf(int question) => question == 0 ? WarmUpTimes * Seconds : Seconds;
}
