using System.Text.Json.Serialization;
using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Polls;

/// <summary>A poll's life as editors see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PollState>))]
internal enum PollState
{
    /// <summary>Being written.</summary>
    [JsonStringEnumMemberName("draft")]
    Draft,

    /// <summary>Opens by itself at its time.</summary>
    [JsonStringEnumMemberName("scheduled")]
    Scheduled,

    /// <summary>Takes ballots.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Sealed and counted.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>The result is shown.</summary>
    [JsonStringEnumMemberName("revealed")]
    Revealed,

    /// <summary>Called off.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Taken away from every fan.</summary>
    [JsonStringEnumMemberName("revoked")]
    Revoked,
}

/// <summary>One thing that can be chosen.</summary>
/// <param name="Id">Its id, unique in the poll.</param>
/// <param name="Label">Its text, by language.</param>
internal sealed record PollOption(string Id, Dictionary<string, string> Label);

/// <summary>What an editor decides about a poll.</summary>
internal sealed record PollContent
{
    /// <summary>The question, by language.</summary>
    public required Dictionary<string, string> Title { get; init; }

    /// <summary>2 to 64 options; ballots name them by their place.</summary>
    public required List<PollOption> Options { get; init; }

    /// <summary>How many options one ballot may name.</summary>
    public required int MaxChoices { get; init; }

    /// <summary>Whether a fan may replace the ballot until closing.</summary>
    public required bool Changeable { get; init; }

    /// <summary>Who may see the count, and when.</summary>
    public required TallyVisibility Visibility { get; init; }

    /// <summary>When it is to open.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it is to close.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video count.</summary>
    public required int LateWindowMs { get; init; }
}

/// <summary>A poll. It alone decides which transitions there are; a wrong one is <c>conflict</c> and changes nothing.</summary>
internal sealed class Poll
{
    private Poll()
    {
    }

    /// <summary>A UUIDv7: polls sort by the time they were made.</summary>
    public string Id { get; private init; } = null!;

    /// <summary>The channel that it appears in.</summary>
    public string Channel { get; private init; } = null!;

    /// <summary>Where in its life it is.</summary>
    public PollState State { get; private set; }

    /// <summary>Grows by one with every change; also the version of its item.</summary>
    public long Version { get; private set; }

    /// <inheritdoc cref="PollContent.Title" />
    public Dictionary<string, string> Title { get; private set; } = null!;

    /// <inheritdoc cref="PollContent.Options" />
    public List<PollOption> Options { get; private set; } = null!;

    /// <inheritdoc cref="PollContent.MaxChoices" />
    public int MaxChoices { get; private set; }

    /// <inheritdoc cref="PollContent.Changeable" />
    public bool Changeable { get; private set; }

    /// <inheritdoc cref="PollContent.Visibility" />
    public TallyVisibility Visibility { get; private set; }

    /// <summary>When it is to open; once it is open, when it did.</summary>
    public DateTimeOffset? OpensAt { get; private set; }

    /// <summary>When it is to close; once it is closed, when it did.</summary>
    public DateTimeOffset? ClosesAt { get; private set; }

    /// <inheritdoc cref="PollContent.LateWindowMs" />
    public int LateWindowMs { get; private set; }

    /// <summary>When fans first got to see it; null where they never did.</summary>
    public DateTimeOffset? PublishedAt { get; private set; }

    /// <summary>The certified count, once it is closed.</summary>
    public CertifiedResult? Result { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Ids of the options, in order.</summary>
    public IReadOnlyList<string> OptionIds => [.. Options.Select(o => o.Id)];

    /// <summary>A new draft.</summary>
    public static Poll Draft(string channel, PollContent content, DateTimeOffset now)
    {
        var poll = new Poll { Id = Guid.CreateVersion7(now).ToString(), Channel = channel, State = PollState.Draft, Version = 1, CreatedAt = now, UpdatedAt = now };
        poll.Take(content);
        return poll;
    }

    /// <summary>Replaces what was written, while no fan has seen it.</summary>
    public void Edit(PollContent content, DateTimeOffset now)
    {
        Require("edited", PollState.Draft, PollState.Scheduled);
        Take(content);
        Changed(now);
    }

    /// <summary>Waits for its time.</summary>
    public void Schedule(DateTimeOffset now)
    {
        Require("scheduled", PollState.Draft);
        RequireTimeToVote(OpensAt ?? now);
        State = PollState.Scheduled;
        Changed(now);
    }

    /// <summary>Takes ballots from now on, or, where the clock opens it, from the moment that was planned.</summary>
    public void Open(DateTimeOffset opensAt, DateTimeOffset now)
    {
        Require("opened", PollState.Draft, PollState.Scheduled);
        RequireTimeToVote(opensAt);
        State = PollState.Open;
        OpensAt = opensAt;
        PublishedAt = now;
        Changed(now);
    }

    /// <summary>Takes no more ballots; the count is certified.</summary>
    public void Close(CertifiedResult result, DateTimeOffset now)
    {
        RequireOpen();
        State = PollState.Closed;
        Result = result;
        ClosesAt = result.ClosedAt;
        Changed(now);
    }

    /// <summary>Shows the result.</summary>
    public void Reveal(DateTimeOffset now)
    {
        Require("revealed", PollState.Closed);
        State = PollState.Revealed;
        Changed(now);
    }

    /// <summary>Calls it off.</summary>
    public void Cancel(DateTimeOffset now)
    {
        RequireCancellable();
        State = PollState.Cancelled;
        Changed(now);
    }

    /// <summary>Takes it away from every fan.</summary>
    public void Revoke(DateTimeOffset now)
    {
        RequireRevocable();
        State = PollState.Revoked;
        Changed(now);
    }

    /// <summary>Throws unless it can be closed: asked before the box is sealed, which cannot be undone.</summary>
    public void RequireOpen() => Require("closed", PollState.Open);

    /// <summary>Throws unless it can be cancelled.</summary>
    public void RequireCancellable() => Require("cancelled", PollState.Draft, PollState.Scheduled, PollState.Open, PollState.Closed);

    /// <summary>Throws unless it can be revoked: fans have seen it.</summary>
    public void RequireRevocable()
    {
        Require("revoked", PollState.Open, PollState.Closed, PollState.Revealed, PollState.Cancelled);
        if (PublishedAt is null)
        {
            throw new FanHubException(ErrorCodes.Conflict, "A poll that was cancelled before it opened cannot be revoked: no fan has seen it.");
        }
    }

    private void Require(string done, params ReadOnlySpan<PollState> from)
    {
        if (!from.Contains(State))
        {
            var states = string.Join(" or ", from.ToArray().Select(Name));
            throw new FanHubException(ErrorCodes.Conflict, $"A poll that is {Name(State)} cannot be {done}; it has to be {states}.");
        }
    }

    private void RequireTimeToVote(DateTimeOffset opensAt)
    {
        if (ClosesAt <= opensAt)
        {
            throw new FanHubException(ErrorCodes.Conflict, $"It would open at {opensAt:O}, but closes at {ClosesAt:O}: edit closesAt first.");
        }
    }

    private void Take(PollContent content)
    {
        if (State == PollState.Scheduled && content.OpensAt is null)
        {
            throw FieldErrors.Single("opensAt", "is needed: the poll is scheduled");
        }

        Title = content.Title;
        Options = content.Options;
        MaxChoices = content.MaxChoices;
        Changeable = content.Changeable;
        Visibility = content.Visibility;
        OpensAt = content.OpensAt;
        ClosesAt = content.ClosesAt;
        LateWindowMs = content.LateWindowMs;
    }

    private void Changed(DateTimeOffset now)
    {
        Version++;
        UpdatedAt = now;
    }

    private static string Name(PollState state) => PollStates.Name(state);
}
