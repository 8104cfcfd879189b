using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Channels;
using FanHub.Server.Storage;

namespace FanHub.Server.Questions;

/// <summary>What fans get to see of a poll or a prediction: its item and its count, as they follow from its row.</summary>
internal static class QuestionItems
{
    /// <summary>The item in its present state; the removal of it where it was revoked.</summary>
    /// <param name="question">One that fans have seen or are about to see.</param>
    /// <param name="defaultLocale">The channel's default language.</param>
    public static Item State(Question question, string defaultLocale) => new()
    {
        Key = $"{question.Kind}:{question.Id}",
        Kind = question.Kind,
        Class = DeliveryClass.Logged,
        Version = question.Version,
        At = At(question),
        Data = Public(question.State) is { } state ? Write(question, state) : default(ReadOnlyMemory<byte>),
        DefaultLocale = defaultLocale,
    };

    /// <summary>The certified count, for whom it is to be shown; null where nobody may see it (yet).</summary>
    public static Item? FinalTally(Question question) => (question.State, question.Visibility, question.Result) switch
    {
        (QuestionState.Closed or QuestionState.Revealed or QuestionState.Settled or QuestionState.Void, TallyVisibility.Live or TallyVisibility.AfterClose, { } result) =>
            TallyItems.Final(question.Id, question.OptionIds, result.ToTally(), gate: null, ClosedAt(question)),
        (QuestionState.Closed, TallyVisibility.AfterVote, { } result) => TallyItems.Final(question.Id, question.OptionIds, result.ToTally(), gate: question.Id, ClosedAt(question)),
        (QuestionState.Revealed or QuestionState.Settled or QuestionState.Void, TallyVisibility.AfterVote, { } result) =>
            TallyItems.Revealed(question.Id, question.OptionIds, result.ToTally(), At(question)),
        _ => null,
    };

    /// <summary>The running count, for whom it is to be shown while ballots come in; null where nobody may see it.</summary>
    public static Item? RunningTally(Question question, Tally tally, DateTimeOffset at) => question.Visibility switch
    {
        TallyVisibility.Live => TallyItems.Running(question.Id, question.OptionIds, tally, gate: null, at),
        TallyVisibility.AfterVote => TallyItems.Running(question.Id, question.OptionIds, tally, gate: question.Id, at),
        _ => null,
    };

    /// <summary>Takes away whatever count was shown; null where none can have been.</summary>
    public static Item? NoTally(Question question, Tally tally, DateTimeOffset at) =>
        question.Visibility == TallyVisibility.Never ? null : TallyItems.Removed(question.Id, tally, at);

    /// <summary>Seals the box, and takes away whatever count may have been shown.</summary>
    public static Withdrawal Withdrawal(Question question) => new(question.Id, question.Options.Count, Counted: question.Visibility != TallyVisibility.Never);

    /// <summary>How many bytes the item has at most, whatever becomes of it.</summary>
    public static int LargestSize(Question question)
    {
        const int BytesPerCount = 20;
        return Write(question, PublicState.Open).Length + 200 + question.Options.Sum(o => (2 * o.Id.Length) + BytesPerCount + 8);
    }

    /// <summary>When the present state became true: windows begin and end at their own times, however late a node acted on it.</summary>
    private static DateTimeOffset At(Question question) => question.State switch
    {
        QuestionState.Open => question.OpensAt ?? question.UpdatedAt,
        QuestionState.Closed => ClosedAt(question),
        _ => question.UpdatedAt,
    };

    private static DateTimeOffset ClosedAt(Question question) => question.ClosesAt ?? question.UpdatedAt;

    private static PublicState? Public(QuestionState state) => state switch
    {
        QuestionState.Open => PublicState.Open,
        QuestionState.Closed => PublicState.Closed,
        QuestionState.Revealed => PublicState.Revealed,
        QuestionState.Settled => PublicState.Settled,
        QuestionState.Void => PublicState.Void,
        QuestionState.Cancelled => PublicState.Cancelled,
        QuestionState.Revoked => null,
        _ => throw new InvalidOperationException($"What is {QuestionStates.Name(state)} has nothing for fans to see."),
    };

    private static byte[] Write(Question question, PublicState state)
    {
        var shown = state is PublicState.Revealed or PublicState.Settled or PublicState.Void ? question.Visibility != TallyVisibility.Never
            : state == PublicState.Closed && question.Visibility is TallyVisibility.Live or TallyVisibility.AfterClose;
        return JsonSerializer.SerializeToUtf8Bytes(
            new Published
            {
                Id = question.Id,
                State = state,
                Title = new Texts(question.Title),
                Options = [.. question.Options.Select(o => new PublishedOption(o.Id, new Texts(o.Label)))],
                MaxChoices = question.MaxChoices,
                Changeable = question.Changeable,
                Visibility = question.Visibility,
                OpensAt = question.OpensAt,
                ClosesAt = question.ClosesAt,
                LateWindowMs = question.LateWindowMs > 0 ? question.LateWindowMs : null,
                Points = question.Stake?.Points,
                Unit = question.Stake?.Unit,
                Correct = question.Stake?.Correct,
                Settlement = question.Stake?.Settlement,
                Tally = shown && question.Result is { } result ? TallyItems.State(question.Id, question.OptionIds, result.ToTally(), final: true) : null,
            },
            WireJson.Options);
    }

    /// <summary><see cref="PollItem"/> or <see cref="PredictionItem"/> with all its languages.</summary>
    private sealed record Published
    {
        public required string Id { get; init; }

        public required PublicState State { get; init; }

        public required Texts Title { get; init; }

        public required IReadOnlyList<PublishedOption> Options { get; init; }

        public required int MaxChoices { get; init; }

        public required bool Changeable { get; init; }

        public required TallyVisibility Visibility { get; init; }

        public DateTimeOffset? OpensAt { get; init; }

        public DateTimeOffset? ClosesAt { get; init; }

        public int? LateWindowMs { get; init; }

        public int? Points { get; init; }

        public string? Unit { get; init; }

        public IReadOnlyList<string>? Correct { get; init; }

        public int? Settlement { get; init; }

        public TallyItem? Tally { get; init; }
    }
}

/// <summary>An option with all its languages.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its text.</param>
internal sealed record PublishedOption(string Id, Texts Label);

/// <summary>What a prediction is played for.</summary>
/// <param name="Points">What each correct outcome named earns.</param>
/// <param name="Unit">The unit of results that it is about.</param>
/// <param name="Correct">The correct outcomes, once it is settled; empty where none was.</param>
/// <param name="Settlement">How often it has been settled or made void; above 1 it was corrected.</param>
internal sealed record Stake(int Points, string? Unit, IReadOnlyList<string>? Correct, int? Settlement);
