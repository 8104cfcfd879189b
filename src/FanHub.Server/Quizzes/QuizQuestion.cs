using FanHub.Server.Questions;

namespace FanHub.Server.Quizzes;

/// <summary>One question of a quiz: what was written, and how far it has come.</summary>
internal sealed record QuizQuestion
{
    /// <summary>Its id, unique in the quiz.</summary>
    public required string Id { get; init; }

    /// <summary>What is asked, by language.</summary>
    public required Dictionary<string, string> Text { get; init; }

    /// <summary>2 to 64 options; answers name them by their place.</summary>
    public required List<QuestionOption> Options { get; init; }

    /// <summary>Ids of the correct options, at least one. Never leaves the server before the reveal.</summary>
    public required List<string> Correct { get; init; }

    /// <summary>How many options an answer may name. With 1, any correct option is right; with more, only exactly the correct ones are.</summary>
    public required int MaxChoices { get; init; }

    /// <summary>What a correct answer earns at most.</summary>
    public required int Points { get; init; }

    /// <summary>The time limit.</summary>
    public required int Seconds { get; init; }

    /// <summary>Why, shown at the reveal.</summary>
    public Dictionary<string, string>? Explanation { get; init; }

    /// <summary>Where in its life it is.</summary>
    public QuizQuestionState State { get; init; }

    /// <summary>When it opened.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it closes, or closed, for who has no delay and no more time.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>When it was revealed.</summary>
    public DateTimeOffset? RevealedAt { get; init; }

    /// <summary>The certified count, once it is closed.</summary>
    public CertifiedResult? Result { get; init; }

    /// <summary>Ids of the options, in order.</summary>
    public IReadOnlyList<string> OptionIds() => [.. Options.Select(o => o.Id)];

    /// <summary>The correct options as a set of bits, option 0 in the lowest.</summary>
    public ulong CorrectBits() => Options.Select((o, i) => Correct.Contains(o.Id, StringComparer.Ordinal) ? 1UL << i : 0).Aggregate(0UL, (all, bit) => all | bit);
}
