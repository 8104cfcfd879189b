using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Questions;

/// <summary>One thing that can be chosen.</summary>
/// <param name="Id">Its id, unique in the question.</param>
/// <param name="Label">Its text, by language.</param>
internal sealed record QuestionOption(string Id, Dictionary<string, string> Label);

/// <summary>What an editor decides about a question.</summary>
internal sealed record QuestionContent
{
    /// <summary>What is asked, by language.</summary>
    public required Dictionary<string, string> Title { get; init; }

    /// <summary>2 to 64 options; ballots name them by their place.</summary>
    public required List<QuestionOption> Options { get; init; }

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

    /// <summary>How long after its opening it is to close, in seconds; instead of <see cref="ClosesAt"/>.</summary>
    public int? Seconds { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video count.</summary>
    public required int LateWindowMs { get; init; }
}

/// <summary>
/// What polls and predictions are alike in: something is asked, for a while, and every ballot is counted. It alone decides which transitions there are; a wrong one is
/// <c>conflict</c> and changes nothing.
/// </summary>
internal abstract class Question
{
    /// <summary>A UUIDv7: questions sort by the time they were made. Also names its ballot box.</summary>
    public string Id { get; protected init; } = null!;

    /// <summary>The channel that it appears in.</summary>
    public string Channel { get; protected init; } = null!;

    /// <summary>Where in its life it is.</summary>
    public QuestionState State { get; protected set; }

    /// <summary>Grows by one with every change; also the version of its item.</summary>
    public long Version { get; protected set; }

    /// <inheritdoc cref="QuestionContent.Title" />
    public Dictionary<string, string> Title { get; private set; } = null!;

    /// <inheritdoc cref="QuestionContent.Options" />
    public List<QuestionOption> Options { get; private set; } = null!;

    /// <inheritdoc cref="QuestionContent.MaxChoices" />
    public int MaxChoices { get; private set; }

    /// <inheritdoc cref="QuestionContent.Changeable" />
    public bool Changeable { get; private set; }

    /// <inheritdoc cref="QuestionContent.Visibility" />
    public TallyVisibility Visibility { get; private set; }

    /// <summary>When it is to open; once it is open, when it did.</summary>
    public DateTimeOffset? OpensAt { get; private set; }

    /// <summary>When it is to close; once it is closed, when it did.</summary>
    public DateTimeOffset? ClosesAt { get; private set; }

    /// <inheritdoc cref="QuestionContent.Seconds" />
    public int? Seconds { get; private set; }

    /// <inheritdoc cref="QuestionContent.LateWindowMs" />
    public int LateWindowMs { get; private set; }

    /// <summary>When fans first got to see it; null where they never did.</summary>
    public DateTimeOffset? PublishedAt { get; private set; }

    /// <summary>The certified count, once it is closed.</summary>
    public CertifiedResult? Result { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; protected init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; protected set; }

    /// <summary>Ids of the options, in order.</summary>
    public IReadOnlyList<string> OptionIds => [.. Options.Select(o => o.Id)];

    /// <summary>One of <see cref="ItemKinds"/>; also what it is called in texts.</summary>
    public abstract string Kind { get; }

    /// <summary>What fans play for; null where there is nothing to win.</summary>
    public virtual Stake? Stake => null;

    /// <summary>Its ballots, as certification and export need to know them.</summary>
    public Round Round => new(Kind, Id, Channel, OptionIds, MaxChoices, OpensAt ?? CreatedAt);

    /// <summary>When its box is to be sealed by itself: after everybody's window, and what the network takes. Null while nobody has said.</summary>
    public static DateTimeOffset? SealsAt(DateTimeOffset? closesAt, int lateWindowMs, TimeSpan grace) => closesAt + TimeSpan.FromMilliseconds(lateWindowMs) + grace;

    /// <summary>Waits for its time.</summary>
    public void Schedule(DateTimeOffset now)
    {
        Require("scheduled", QuestionState.Draft);
        RequireTimeToVote(OpensAt ?? now);
        State = QuestionState.Scheduled;
        Changed(now);
    }

    /// <summary>Takes ballots from now on, or, where the clock opens it, from the moment that was planned.</summary>
    public void Open(DateTimeOffset opensAt, DateTimeOffset now)
    {
        Require("opened", QuestionState.Draft, QuestionState.Scheduled);
        RequireTimeToVote(opensAt);
        State = QuestionState.Open;
        OpensAt = opensAt;
        ClosesAt ??= Seconds is { } seconds ? opensAt.AddSeconds(seconds) : null;
        PublishedAt = now;
        Changed(now);
    }

    /// <summary>Takes no more ballots; the count is certified.</summary>
    public void Close(CertifiedResult result, DateTimeOffset now)
    {
        RequireOpen();
        State = QuestionState.Closed;
        Result = result;
        ClosesAt = result.ClosedAt;
        Changed(now);
    }

    /// <summary>Calls it off.</summary>
    public void Cancel(DateTimeOffset now)
    {
        RequireCancellable();
        State = QuestionState.Cancelled;
        Changed(now);
    }

    /// <summary>Takes it away from every fan.</summary>
    public void Revoke(DateTimeOffset now)
    {
        RequireRevocable();
        State = QuestionState.Revoked;
        Changed(now);
    }

    /// <summary>Throws unless it can be edited: no fan has seen it.</summary>
    public void RequireEditable() => Require("edited", QuestionState.Draft, QuestionState.Scheduled);

    /// <summary>Throws unless it can be closed: asked before the box is sealed, which cannot be undone.</summary>
    public void RequireOpen() => Require("closed", QuestionState.Open);

    /// <summary>Throws unless it can be cancelled.</summary>
    public void RequireCancellable() => Require("cancelled", QuestionState.Draft, QuestionState.Scheduled, QuestionState.Open, QuestionState.Closed);

    /// <summary>Throws unless it can be revoked: fans have seen it.</summary>
    public void RequireRevocable()
    {
        if (State is QuestionState.Draft or QuestionState.Scheduled or QuestionState.Revoked)
        {
            Require("revoked", RevocableFrom);
        }

        if (PublishedAt is null)
        {
            throw new FanHubException(ErrorCodes.Conflict, $"A {Kind} that was cancelled before it opened cannot be revoked: no fan has seen it.");
        }
    }

    /// <summary>The states that it can be revoked from, as a refusal names them.</summary>
    protected virtual QuestionState[] RevocableFrom => [QuestionState.Open, QuestionState.Closed, QuestionState.Revealed, QuestionState.Cancelled];

    /// <summary>Throws unless it is in one of these states.</summary>
    /// <exception cref="FanHubException"><c>conflict</c>.</exception>
    protected void Require(string done, params ReadOnlySpan<QuestionState> from)
    {
        if (!from.Contains(State))
        {
            throw WrongState($"A {Kind}", QuestionStates.Name(State), done, from.ToArray().Select(QuestionStates.Name));
        }
    }

    /// <summary>The refusal of a transition that there is not.</summary>
    public static FanHubException WrongState(string what, string state, string done, IEnumerable<string> from) =>
        new(ErrorCodes.Conflict, $"{what} that is {state} cannot be {done}; it has to be {string.Join(" or ", from)}.");

    /// <summary>Replaces what is asked.</summary>
    protected void Take(QuestionContent content)
    {
        if (State == QuestionState.Scheduled && content.OpensAt is null)
        {
            throw FieldErrors.Single("opensAt", $"is needed: the {Kind} is scheduled");
        }

        Title = content.Title;
        Options = content.Options;
        MaxChoices = content.MaxChoices;
        Changeable = content.Changeable;
        Visibility = content.Visibility;
        OpensAt = content.OpensAt;
        ClosesAt = content.ClosesAt;
        Seconds = content.Seconds;
        LateWindowMs = content.LateWindowMs;
    }

    /// <summary>Notes a change.</summary>
    protected void Changed(DateTimeOffset now)
    {
        Version++;
        UpdatedAt = now;
    }

    private void RequireTimeToVote(DateTimeOffset opensAt)
    {
        if (ClosesAt <= opensAt)
        {
            throw new FanHubException(ErrorCodes.Conflict, $"It would open at {opensAt:O}, but closes at {ClosesAt:O}: edit closesAt first.");
        }
    }
}
