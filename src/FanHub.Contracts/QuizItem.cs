using System.Text.Json.Serialization;

namespace FanHub.Contracts;

/// <summary>A quiz's life as fans see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PublicQuizState>))]
public enum PublicQuizState
{
    /// <summary>Questions come, one after the other.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>All is revealed; the leaderboard is final.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>Called off; what was not revealed counts for nothing.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>The life of a quiz's question as fans see it: before it opens they see nothing of it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PublicQuestionState>))]
public enum PublicQuestionState
{
    /// <summary>Takes answers.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Sealed: takes no more answers.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>What was correct is shown, and counts.</summary>
    [JsonStringEnumMemberName("revealed")]
    Revealed,
}

/// <summary>How correct answers earn points. P is the question's points, T its time limit, t the time taken.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuizScoring>))]
public enum QuizScoring
{
    /// <summary><c>round(P * (1 - t/T/2))</c>; all of P below 500 ms.</summary>
    [JsonStringEnumMemberName("speed")]
    Speed,

    /// <summary>P, however long it took.</summary>
    [JsonStringEnumMemberName("accuracy")]
    Accuracy,

    /// <summary>As <see cref="Speed"/>, but at least half of P after a third of T.</summary>
    [JsonStringEnumMemberName("floor")]
    Floor,
}

/// <summary>Who says when a quiz goes on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuizPace>))]
public enum QuizPace
{
    /// <summary>An editor.</summary>
    [JsonStringEnumMemberName("manual")]
    Manual,

    /// <summary>Its own clock.</summary>
    [JsonStringEnumMemberName("timed")]
    Timed,
}

/// <summary>Public state of a quiz, with the question that it has come to: the <c>data</c> of <c>quiz:{id}</c>.</summary>
public sealed record QuizItem
{
    /// <summary>The quiz's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where in its life it is.</summary>
    public required PublicQuizState State { get; init; }

    /// <summary>What it is called, in <see cref="Lang"/>.</summary>
    public required string Title { get; init; }

    /// <summary>The language that the texts are in.</summary>
    public string? Lang { get; init; }

    /// <summary>How correct answers earn points.</summary>
    public required QuizScoring Scoring { get; init; }

    /// <summary>Who says when it goes on.</summary>
    public required QuizPace Pace { get; init; }

    /// <summary>What each correct answer in a row after the first adds, five times at the most; 0: nothing.</summary>
    public required int StreakBonus { get; init; }

    /// <summary>Whether fans may ask for double time.</summary>
    public required bool MoreTime { get; init; }

    /// <summary>How much later, in ms, answers behind a delayed video count; absent or 0: not at all.</summary>
    public int? LateWindowMs { get; init; }

    /// <summary>How many questions there are.</summary>
    public required int Of { get; init; }

    /// <summary>The question that it has come to.</summary>
    public QuizItemQuestion? Question { get; init; }
}

/// <summary>One question of a quiz.</summary>
public sealed record QuizItemQuestion
{
    /// <summary>Its id, unique in the quiz.</summary>
    public required string Id { get; init; }

    /// <summary>Its place, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>How many questions there are.</summary>
    public required int Of { get; init; }

    /// <summary>What is asked.</summary>
    public required string Text { get; init; }

    /// <summary>The question's language where it differs from the quiz's.</summary>
    public string? Lang { get; init; }

    /// <summary>What can be chosen, in the editor's order.</summary>
    public required IReadOnlyList<PollItemOption> Options { get; init; }

    /// <summary>How many options an answer may name.</summary>
    public required int MaxChoices { get; init; }

    /// <summary>What a correct answer earns at most.</summary>
    public required int Points { get; init; }

    /// <summary>The time limit.</summary>
    public required int Seconds { get; init; }

    /// <summary>When it opened.</summary>
    public required DateTimeOffset OpensAt { get; init; }

    /// <summary>When it closes, or closed, for who has no delay and did not ask for more time.</summary>
    public required DateTimeOffset ClosesAt { get; init; }

    /// <summary>Where in its life it is.</summary>
    public required PublicQuestionState State { get; init; }

    /// <summary>Ids of the correct options; only once it is revealed.</summary>
    public IReadOnlyList<string>? Correct { get; init; }

    /// <summary>Why; only once it is revealed.</summary>
    public string? Explanation { get; init; }

    /// <summary>How many named each option; only once it is revealed.</summary>
    public TallyItem? Tally { get; init; }
}

/// <summary>Who leads: the <c>data</c> of <c>leaderboard:{board}</c>.</summary>
public sealed record LeaderboardItem
{
    /// <summary>What it is of: a quiz's id, or <c>predictions.{channel}</c>; what <c>Standing</c> takes.</summary>
    public required string Of { get; init; }

    /// <summary>The first of them. Who are level share a rank.</summary>
    public required IReadOnlyList<LeaderboardRow> Top { get; init; }

    /// <summary>How many take part.</summary>
    public required long Participants { get; init; }
}

/// <summary>One of the first.</summary>
/// <param name="Rank">From 1; who are level share it: 1, 2, 2, 4.</param>
/// <param name="Name">The name the fan goes by.</param>
/// <param name="Score">The points.</param>
public sealed record LeaderboardRow(long Rank, string Name, long Score);

/// <summary>Result of <c>Standing</c>.</summary>
/// <param name="Score">The fan's points.</param>
/// <param name="Rank">The fan's rank; absent for who has no entry.</param>
/// <param name="Of">How many take part.</param>
public sealed record Standing(long Score, long? Rank, long Of);

/// <summary>Argument of <c>Answer</c>.</summary>
public sealed record AnswerRequest
{
    /// <summary>The quiz's id.</summary>
    public required string Quiz { get; init; }

    /// <summary>The question's id.</summary>
    public required string Question { get; init; }

    /// <summary>Ids of the options chosen: at least one, no repeats.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>Made up by the client, once per intended answer, 1 to 64 characters; a resend carries the same one and gets the same receipt.</summary>
    public required string Submission { get; init; }
}
