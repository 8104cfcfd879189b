using FanHub.Contracts;
using FanHub.Server.Questions;

namespace FanHub.Server.Quizzes;

/// <summary>What an editor says of a quiz: the body of <c>POST quizzes</c> and <c>PUT quizzes/{id}</c>.</summary>
internal sealed record QuizBody
{
    /// <summary>The channel that it appears in. Needed to make a quiz; when it is changed, the same one or absent.</summary>
    public string? Channel { get; init; }

    /// <summary>What it is called, by language, the channel's default one among them; at most 500 characters each.</summary>
    public Dictionary<string, string>? Title { get; init; }

    /// <summary>How correct answers earn points; <c>speed</c> where absent.</summary>
    public QuizScoring? Scoring { get; init; }

    /// <summary>What each correct answer in a row after the first adds, five times at the most: 0 to 1000, 0 where absent.</summary>
    public int? StreakBonus { get; init; }

    /// <summary>Who says when it goes on; <c>manual</c> where absent.</summary>
    public QuizPace? Pace { get; init; }

    /// <summary>How long a reveal stays before a timed quiz goes on, in seconds: 1 to 600, 5 where absent.</summary>
    public int? PauseSeconds { get; init; }

    /// <summary>Whether fans may ask for double time; true where absent.</summary>
    public bool? MoreTime { get; init; }

    /// <summary>How much later, in ms, answers behind a delayed video count; 0 to 600000, 0 where absent.</summary>
    public int? LateWindowMs { get; init; }

    /// <summary>When it is to start, within five years; absent: when somebody starts it.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>1 to 100 questions, in the order that they are asked.</summary>
    public List<QuizBodyQuestion?>? Questions { get; init; }
}

/// <summary>One question.</summary>
internal sealed record QuizBodyQuestion
{
    /// <summary>Its id, unique in the quiz: 1 to 32 letters, digits, hyphens or underscores; made up where absent.</summary>
    public string? Id { get; init; }

    /// <summary>What is asked, by language, the channel's default one among them; at most 500 characters each.</summary>
    public Dictionary<string, string>? Text { get; init; }

    /// <summary>2 to 64 options, in the order that fans see.</summary>
    public List<BodyOption?>? Options { get; init; }

    /// <summary>Ids of the correct options, at least one.</summary>
    public List<string?>? Correct { get; init; }

    /// <summary>How many options an answer may name, 1 where absent. With 1, any correct option is right; with more, only exactly the correct ones are.</summary>
    public int? MaxChoices { get; init; }

    /// <summary>What a correct answer earns at most: 0 to 10000, 1000 where absent.</summary>
    public int? Points { get; init; }

    /// <summary>The time limit: 1 to 3600.</summary>
    public int? Seconds { get; init; }

    /// <summary>Why, shown at the reveal, by language; at most 1000 characters each.</summary>
    public Dictionary<string, string>? Explanation { get; init; }
}
