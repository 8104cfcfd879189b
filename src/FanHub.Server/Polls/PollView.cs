using FanHub.Contracts;
using FanHub.Server.Ballots;

namespace FanHub.Server.Polls;

/// <summary>A poll as editors see it.</summary>
internal sealed record PollView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The channel that it appears in.</summary>
    public required string Channel { get; init; }

    /// <summary>Where in its life it is.</summary>
    public required PollState State { get; init; }

    /// <summary>Grows with every change; also the <c>ETag</c>.</summary>
    public required long Version { get; init; }

    /// <summary>The question, by language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>What can be chosen.</summary>
    public required IReadOnlyList<PollOption> Options { get; init; }

    /// <summary>How many options one ballot may name.</summary>
    public required int MaxChoices { get; init; }

    /// <summary>Whether a fan may replace the ballot until closing.</summary>
    public required bool Changeable { get; init; }

    /// <summary>Who may see the count, and when.</summary>
    public required TallyVisibility Visibility { get; init; }

    /// <summary>When it is to open, or opened.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it is to close, or closed.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video count.</summary>
    public required int LateWindowMs { get; init; }

    /// <summary>The certified count, once it is closed.</summary>
    public CertifiedResult? Result { get; init; }

    /// <summary>The running count, where one open poll is asked for and the ballot box answers.</summary>
    public TallyItem? Tally { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Shows a poll.</summary>
    public static PollView Of(Poll poll) => new()
    {
        Id = poll.Id,
        Channel = poll.Channel,
        State = poll.State,
        Version = poll.Version,
        Title = poll.Title,
        Options = poll.Options,
        MaxChoices = poll.MaxChoices,
        Changeable = poll.Changeable,
        Visibility = poll.Visibility,
        OpensAt = poll.OpensAt,
        ClosesAt = poll.ClosesAt,
        LateWindowMs = poll.LateWindowMs,
        Result = poll.Result,
        CreatedAt = poll.CreatedAt,
        UpdatedAt = poll.UpdatedAt,
    };

    /// <summary>Shows a poll with its running count.</summary>
    public static PollView Of(Poll poll, Tally running) => Of(poll) with { Tally = TallyItems.State(poll.Id, poll.OptionIds, running, final: false) };
}
