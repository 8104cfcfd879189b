using FanHub.Contracts;
using FanHub.Server.Questions;

namespace FanHub.Server.Quizzes;

/// <summary>A quiz as editors see it, with what is correct.</summary>
internal sealed record QuizView
{
    /// <summary>Shows a quiz.</summary>
    /// <param name="quiz">The quiz.</param>
    /// <param name="running">The running count of the question that is open, where it is known.</param>
    public QuizView(Quiz quiz, TallyItem? running = null)
    {
        Id = quiz.Id;
        Channel = quiz.Channel;
        State = quiz.State;
        Version = quiz.Version;
        Title = quiz.Title;
        Scoring = quiz.Scoring;
        StreakBonus = quiz.StreakBonus;
        Pace = quiz.Pace;
        PauseSeconds = quiz.PauseSeconds;
        MoreTime = quiz.MoreTime;
        LateWindowMs = quiz.LateWindowMs;
        OpensAt = quiz.OpensAt;
        Current = quiz.Asked > 0 ? quiz.Asked : null;
        Questions = [.. quiz.Questions.Select(q => new QuizQuestionView(q) { Tally = q.State == QuizQuestionState.Open ? running : null })];
        CreatedAt = quiz.CreatedAt;
        UpdatedAt = quiz.UpdatedAt;
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The channel that it appears in.</summary>
    public string Channel { get; }

    /// <summary>Where in its life it is.</summary>
    public QuizState State { get; }

    /// <summary>Grows with every change; also the <c>ETag</c>.</summary>
    public long Version { get; }

    /// <summary>What it is called, by language.</summary>
    public IReadOnlyDictionary<string, string> Title { get; }

    /// <summary>How correct answers earn points.</summary>
    public QuizScoring Scoring { get; }

    /// <summary>What each correct answer in a row after the first adds.</summary>
    public int StreakBonus { get; }

    /// <summary>Who says when it goes on.</summary>
    public QuizPace Pace { get; }

    /// <summary>How long a reveal stays before a timed quiz goes on.</summary>
    public int PauseSeconds { get; }

    /// <summary>Whether fans may ask for double time.</summary>
    public bool MoreTime { get; }

    /// <summary>How much later, in ms, answers behind a delayed video count.</summary>
    public int LateWindowMs { get; }

    /// <summary>When it is to start, or started.</summary>
    public DateTimeOffset? OpensAt { get; }

    /// <summary>The place of the question that it has come to, from 1; absent before the first.</summary>
    public int? Current { get; }

    /// <summary>The questions, in order.</summary>
    public IReadOnlyList<QuizQuestionView> Questions { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; }
}

/// <summary>One of its questions.</summary>
/// <param name="question">The question.</param>
internal sealed class QuizQuestionView(QuizQuestion question)
{
    /// <summary>Its id, unique in the quiz.</summary>
    public string Id => question.Id;

    /// <summary>What is asked, by language.</summary>
    public IReadOnlyDictionary<string, string> Text => question.Text;

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<QuestionOption> Options => question.Options;

    /// <summary>Ids of the correct options.</summary>
    public IReadOnlyList<string> Correct => question.Correct;

    /// <summary>How many options an answer may name.</summary>
    public int MaxChoices => question.MaxChoices;

    /// <summary>What a correct answer earns at most.</summary>
    public int Points => question.Points;

    /// <summary>The time limit.</summary>
    public int Seconds => question.Seconds;

    /// <summary>Why, by language.</summary>
    public IReadOnlyDictionary<string, string>? Explanation => question.Explanation;

    /// <summary>Where in its life it is.</summary>
    public QuizQuestionState State => question.State;

    /// <summary>When it opened.</summary>
    public DateTimeOffset? OpensAt => question.OpensAt;

    /// <summary>When it closes, or closed.</summary>
    public DateTimeOffset? ClosesAt => question.ClosesAt;

    /// <summary>The certified count, once it is closed.</summary>
    public CertifiedResult? Result => question.Result;

    /// <summary>The running count, where the quiz is asked for while the question is open, and the ballot box answers.</summary>
    public TallyItem? Tally { get; init; }
}
