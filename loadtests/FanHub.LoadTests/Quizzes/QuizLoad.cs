using FanHub.Contracts;

namespace FanHub.LoadTests.Quizzes;

/// <summary>A quiz and who takes part, as the person who starts a load test decides.</summary>
internal sealed record QuizLoad
{
    /// <summary>Fans, each with a session and a connection of its own.</summary>
    public required int Participants { get; init; }

    /// <summary>Questions, one after the other.</summary>
    public required int Questions { get; init; }

    /// <summary>Each question's time.</summary>
    public required int Seconds { get; init; }

    /// <summary>How answers earn points.</summary>
    public required QuizScoring Scoring { get; init; }

    /// <summary>What each right answer in a row after the first adds.</summary>
    public required int StreakBonus { get; init; }

    /// <summary>Percentage of the answers that are right.</summary>
    public required double Right { get; init; }
}
