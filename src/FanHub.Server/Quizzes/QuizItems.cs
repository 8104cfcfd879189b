using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Channels;
using FanHub.Server.Questions;

namespace FanHub.Server.Quizzes;

/// <summary>What fans get to see of a quiz: itself and the question that it has come to. What was correct, and why, is in it only once that is revealed; questions to come never are.</summary>
internal static class QuizItems
{
    /// <summary>The key of a quiz's item.</summary>
    public static string Key(string quiz) => $"{ItemKinds.Quiz}:{quiz}";

    /// <summary>The item in its present state; the removal of it where it was revoked.</summary>
    /// <param name="quiz">One that fans have seen or are about to see.</param>
    /// <param name="defaultLocale">The channel's default language.</param>
    public static Item State(Quiz quiz, string defaultLocale) => new()
    {
        Key = Key(quiz.Id),
        Kind = ItemKinds.Quiz,
        Class = DeliveryClass.Logged,
        Version = quiz.Version,
        At = At(quiz),
        Data = Public(quiz.State) is { } state ? Write(quiz, state, quiz.Current, quiz.Asked) : default(ReadOnlyMemory<byte>),
        DefaultLocale = defaultLocale,
    };

    /// <summary>How many bytes the item has at most while it has come to a question.</summary>
    public static int LargestSize(Quiz quiz, int index)
    {
        const int BytesPerCount = 20;
        var question = quiz.Questions[index] with { State = QuizQuestionState.Revealed, OpensAt = quiz.CreatedAt, ClosesAt = quiz.CreatedAt };
        return Write(quiz, PublicQuizState.Running, question, index + 1).Length + 200 + question.Options.Sum(o => (2 * o.Id.Length) + BytesPerCount + 8);
    }

    /// <summary>When the present state became true: windows begin and end at their own times, however late a node acted on it.</summary>
    private static DateTimeOffset At(Quiz quiz) => (quiz.State, quiz.Current) switch
    {
        (QuizState.Running, { State: QuizQuestionState.Open, OpensAt: { } at }) => at,
        (QuizState.Running, { State: QuizQuestionState.Closed, ClosesAt: { } at }) => at,
        (QuizState.Running, { State: QuizQuestionState.Revealed, RevealedAt: { } at }) => at,
        _ => quiz.UpdatedAt,
    };

    private static PublicQuizState? Public(QuizState state) => state switch
    {
        QuizState.Running => PublicQuizState.Running,
        QuizState.Finished => PublicQuizState.Finished,
        QuizState.Cancelled => PublicQuizState.Cancelled,
        QuizState.Revoked => null,
        _ => throw new InvalidOperationException($"A quiz that is {QuizStates.Name(state)} has nothing for fans to see."),
    };

    private static byte[] Write(Quiz quiz, PublicQuizState state, QuizQuestion? question, int index) => JsonSerializer.SerializeToUtf8Bytes(
        new Published
        {
            Id = quiz.Id,
            State = state,
            Title = new Texts(quiz.Title),
            Scoring = quiz.Scoring,
            Pace = quiz.Pace,
            StreakBonus = quiz.StreakBonus,
            MoreTime = quiz.MoreTime,
            LateWindowMs = quiz.LateWindowMs > 0 ? quiz.LateWindowMs : null,
            Of = quiz.Questions.Count,
            Question = question is null ? null : Write(quiz, question, index),
        },
        WireJson.Options);

    private static PublishedQuestion Write(Quiz quiz, QuizQuestion question, int index)
    {
        var revealed = question.State == QuizQuestionState.Revealed;
        return new PublishedQuestion
        {
            Id = question.Id,
            Index = index,
            Of = quiz.Questions.Count,
            Text = new Texts(question.Text),
            Options = [.. question.Options.Select(o => new PublishedOption(o.Id, new Texts(o.Label)))],
            MaxChoices = question.MaxChoices,
            Points = question.Points,
            Seconds = question.Seconds,
            OpensAt = question.OpensAt,
            ClosesAt = question.ClosesAt,
            State = question.State switch
            {
                QuizQuestionState.Open => PublicQuestionState.Open,
                QuizQuestionState.Closed => PublicQuestionState.Closed,
                QuizQuestionState.Revealed => PublicQuestionState.Revealed,
                _ => throw new InvalidOperationException("A question that was not asked has nothing for fans to see."),
            },
            Correct = revealed ? question.Correct : null,
            Explanation = revealed && question.Explanation is { } explanation ? new Texts(explanation) : null,
            Tally = revealed && question.Result is { } result ? TallyItems.State(Interaction.BoxOf(quiz.Id, question.Id), question.OptionIds(), result.ToTally(), final: true) : null,
        };
    }

    /// <summary><see cref="QuizItem"/> with all its languages.</summary>
    private sealed record Published
    {
        public required string Id { get; init; }

        public required PublicQuizState State { get; init; }

        public required Texts Title { get; init; }

        public required QuizScoring Scoring { get; init; }

        public required QuizPace Pace { get; init; }

        public required int StreakBonus { get; init; }

        public required bool MoreTime { get; init; }

        public int? LateWindowMs { get; init; }

        public required int Of { get; init; }

        public PublishedQuestion? Question { get; init; }
    }

    /// <summary><see cref="QuizItemQuestion"/> with all its languages.</summary>
    private sealed record PublishedQuestion
    {
        public required string Id { get; init; }

        public required int Index { get; init; }

        public required int Of { get; init; }

        public required Texts Text { get; init; }

        public required IReadOnlyList<PublishedOption> Options { get; init; }

        public required int MaxChoices { get; init; }

        public required int Points { get; init; }

        public required int Seconds { get; init; }

        public DateTimeOffset? OpensAt { get; init; }

        public DateTimeOffset? ClosesAt { get; init; }

        public required PublicQuestionState State { get; init; }

        public IReadOnlyList<string>? Correct { get; init; }

        public Texts? Explanation { get; init; }

        public TallyItem? Tally { get; init; }
    }
}
