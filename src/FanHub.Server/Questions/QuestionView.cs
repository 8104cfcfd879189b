using FanHub.Contracts;
using FanHub.Server.Ballots;

namespace FanHub.Server.Questions;

/// <summary>What editors see of polls and of predictions.</summary>
internal abstract record QuestionView
{
    /// <summary>Shows one.</summary>
    protected QuestionView(Question question)
    {
        Id = question.Id;
        Channel = question.Channel;
        State = question.State;
        Version = question.Version;
        Title = question.Title;
        Options = question.Options;
        MaxChoices = question.MaxChoices;
        Changeable = question.Changeable;
        Visibility = question.Visibility;
        OpensAt = question.OpensAt;
        ClosesAt = question.ClosesAt;
        Seconds = question.Seconds;
        LateWindowMs = question.LateWindowMs;
        Result = question.Result;
        CreatedAt = question.CreatedAt;
        UpdatedAt = question.UpdatedAt;
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The channel that it appears in.</summary>
    public string Channel { get; }

    /// <summary>Where in its life it is.</summary>
    public QuestionState State { get; }

    /// <summary>Grows with every change; also the <c>ETag</c>.</summary>
    public long Version { get; }

    /// <summary>What is asked, by language.</summary>
    public IReadOnlyDictionary<string, string> Title { get; }

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<QuestionOption> Options { get; }

    /// <summary>How many options one ballot may name.</summary>
    public int MaxChoices { get; }

    /// <summary>Whether a fan may replace the ballot until closing.</summary>
    public bool Changeable { get; }

    /// <summary>Who may see the count, and when.</summary>
    public TallyVisibility Visibility { get; }

    /// <summary>When it is to open, or opened.</summary>
    public DateTimeOffset? OpensAt { get; }

    /// <summary>When it is to close, or closed.</summary>
    public DateTimeOffset? ClosesAt { get; }

    /// <summary>How long after its opening it closes, in seconds, where that was said instead of a moment.</summary>
    public int? Seconds { get; }

    /// <summary>How much later, in ms, ballots behind a delayed video count.</summary>
    public int LateWindowMs { get; }

    /// <summary>The certified count, once it is closed.</summary>
    public CertifiedResult? Result { get; }

    /// <summary>The running count, where one that is open is asked for and the ballot box answers.</summary>
    public TallyItem? Tally { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; }
}

/// <summary>Asks for running counts where a view can do without.</summary>
internal sealed partial class RunningCounts(IBallotBox box, ILogger<RunningCounts> logger)
{
    /// <summary>The running count of a box; null where it does not answer.</summary>
    public async Task<TallyItem?> FindAsync(Round round, CancellationToken cancellationToken)
    {
        try
        {
            return TallyItems.State(round.Id, round.OptionIds, await box.TallyAsync(round.Id, round.Options, cancellationToken), final: false);
        }
        catch (BallotBoxUnavailableException failure)
        {
            LogNoTally(failure, round.Id);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Interaction} is shown without its running count")]
    private partial void LogNoTally(Exception failure, string interaction);
}
