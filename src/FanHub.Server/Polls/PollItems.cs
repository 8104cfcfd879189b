using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Channels;
using FanHub.Server.Storage;

namespace FanHub.Server.Polls;

/// <summary>What fans get to see of a poll: its item and its count, as they follow from its row.</summary>
internal static class PollItems
{
    /// <summary>The key of a poll's item.</summary>
    public static string Key(string poll) => $"{ItemKinds.Poll}:{poll}";

    /// <summary>The poll's item in its present state; the removal of it where it was revoked.</summary>
    /// <param name="poll">A poll that fans have seen or are about to see.</param>
    /// <param name="defaultLocale">The channel's default language.</param>
    public static Item State(Poll poll, string defaultLocale) => new()
    {
        Key = Key(poll.Id),
        Kind = ItemKinds.Poll,
        Class = DeliveryClass.Logged,
        Version = poll.Version,
        At = At(poll),
        Data = Public(poll.State) is { } state ? Write(poll, state) : default(ReadOnlyMemory<byte>),
        DefaultLocale = defaultLocale,
    };

    /// <summary>The certified count, for whom it is to be shown; null where nobody may see it (yet).</summary>
    public static Item? FinalTally(Poll poll) => (poll.State, poll.Visibility, poll.Result) switch
    {
        (PollState.Closed or PollState.Revealed, TallyVisibility.Live or TallyVisibility.AfterClose, { } result) =>
            TallyItems.Final(poll.Id, poll.OptionIds, result.ToTally(), gate: null, ClosedAt(poll)),
        (PollState.Closed, TallyVisibility.AfterVote, { } result) => TallyItems.Final(poll.Id, poll.OptionIds, result.ToTally(), gate: poll.Id, ClosedAt(poll)),
        (PollState.Revealed, TallyVisibility.AfterVote, { } result) => TallyItems.Revealed(poll.Id, poll.OptionIds, result.ToTally(), At(poll)),
        _ => null,
    };

    /// <summary>The running count, for whom it is to be shown while the poll is open; null where nobody may see it.</summary>
    public static Item? RunningTally(Poll poll, Tally tally, DateTimeOffset at) => poll.Visibility switch
    {
        TallyVisibility.Live => TallyItems.Running(poll.Id, poll.OptionIds, tally, gate: null, at),
        TallyVisibility.AfterVote => TallyItems.Running(poll.Id, poll.OptionIds, tally, gate: poll.Id, at),
        _ => null,
    };

    /// <summary>Takes away whatever count was shown; null where none can have been.</summary>
    public static Item? NoTally(Poll poll, Tally tally, DateTimeOffset at) =>
        poll.Visibility == TallyVisibility.Never ? null : TallyItems.Removed(poll.Id, tally, at);

    /// <summary>Seals the box, and takes away whatever count may have been shown.</summary>
    public static Withdrawal Withdrawal(Poll poll) => new(poll.Id, poll.Options.Count, Counted: poll.Visibility != TallyVisibility.Never);

    /// <summary>How many bytes the poll's item has at most, whatever becomes of it.</summary>
    public static int LargestSize(Poll poll)
    {
        const int BytesPerCount = 20;
        return Write(poll, PublicState.Open).Length + 200 + poll.Options.Sum(o => o.Id.Length + BytesPerCount + 4);
    }

    /// <summary>When the present state became true: windows begin and end at their own times, however late a node acted on it.</summary>
    private static DateTimeOffset At(Poll poll) => poll.State switch
    {
        PollState.Open => poll.OpensAt ?? poll.UpdatedAt,
        PollState.Closed => ClosedAt(poll),
        _ => poll.UpdatedAt,
    };

    private static DateTimeOffset ClosedAt(Poll poll) => poll.ClosesAt ?? poll.UpdatedAt;

    private static PublicState? Public(PollState state) => state switch
    {
        PollState.Open => PublicState.Open,
        PollState.Closed => PublicState.Closed,
        PollState.Revealed => PublicState.Revealed,
        PollState.Cancelled => PublicState.Cancelled,
        PollState.Revoked => null,
        _ => throw new InvalidOperationException($"A poll that is {PollStates.Name(state)} has nothing for fans to see."),
    };

    private static byte[] Write(Poll poll, PublicState state)
    {
        var shown = state == PublicState.Revealed ? poll.Visibility != TallyVisibility.Never
            : state == PublicState.Closed && poll.Visibility is TallyVisibility.Live or TallyVisibility.AfterClose;
        return JsonSerializer.SerializeToUtf8Bytes(
            new Published
            {
                Id = poll.Id,
                State = state,
                Title = new Texts(poll.Title),
                Options = [.. poll.Options.Select(o => new PublishedOption(o.Id, new Texts(o.Label)))],
                MaxChoices = poll.MaxChoices,
                Changeable = poll.Changeable,
                Visibility = poll.Visibility,
                OpensAt = poll.OpensAt,
                ClosesAt = poll.ClosesAt,
                LateWindowMs = poll.LateWindowMs > 0 ? poll.LateWindowMs : null,
                Tally = shown && poll.Result is { } result ? TallyItems.State(poll.Id, poll.OptionIds, result.ToTally(), final: true) : null,
            },
            WireJson.Options);
    }

    /// <summary><see cref="PollItem"/> with all its languages.</summary>
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

        public TallyItem? Tally { get; init; }
    }

    private sealed record PublishedOption(string Id, Texts Label);
}
