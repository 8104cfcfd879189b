namespace FanHub.LoadTests.Quizzes;

/// <summary>What a fan does with a question, decided beforehand.</summary>
/// <param name="After">How long after the opening the fan answers; who hears of the question later answers at once.</param>
/// <param name="Choice">The option, by place.</param>
internal sealed record AnswerPlan(TimeSpan After, int Choice)
{
    /// <summary>Answers only when the question is closed, which has to be refused.</summary>
    public bool TooLate { get; init; }

    /// <summary>Sends the same submission again, without having waited for the answer, as an app does that lost it.</summary>
    public bool ResendsAtOnce { get; init; }

    /// <summary>Sends the same submission again after the answer.</summary>
    public bool ResendsLater { get; init; }

    /// <summary>Tries to answer again, with this option; null for honest fans.</summary>
    public int? SecondChoice { get; init; }
}
