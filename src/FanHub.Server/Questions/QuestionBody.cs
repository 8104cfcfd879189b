using FanHub.Contracts;

namespace FanHub.Server.Questions;

/// <summary>What an editor says of a poll, and of a prediction.</summary>
internal abstract record QuestionBody
{
    /// <summary>The channel that it appears in. Needed to make a poll; when it is changed, the same one or absent.</summary>
    public string? Channel { get; init; }

    /// <summary>The question, by language, the channel's default one among them; at most 500 characters each.</summary>
    public Dictionary<string, string>? Title { get; init; }

    /// <summary>2 to 64 options, in the order that fans see.</summary>
    public List<BodyOption?>? Options { get; init; }

    /// <summary>How many options one ballot may name; 1 where absent.</summary>
    public int? MaxChoices { get; init; }

    /// <summary>Whether a fan may replace the ballot until closing; false where absent.</summary>
    public bool? Changeable { get; init; }

    /// <summary>Who may see the count, and when; <c>live</c> where absent.</summary>
    public TallyVisibility? Visibility { get; init; }

    /// <summary>When it is to open, within five years; absent: when somebody opens it.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it is to close, within five years; absent: when somebody closes it.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>How long after its opening it closes, in seconds, 1 to 604800; instead of <see cref="ClosesAt"/>.</summary>
    public int? Seconds { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video count; 0 to 600000, 0 where absent.</summary>
    public int? LateWindowMs { get; init; }
}

/// <summary>One option.</summary>
internal sealed record BodyOption
{
    /// <summary>Its id, unique in the poll: 1 to 32 letters, digits, hyphens or underscores; made up where absent.</summary>
    public string? Id { get; init; }

    /// <summary>Its text, by language, the channel's default one among them; at most 200 characters each.</summary>
    public Dictionary<string, string>? Label { get; init; }
}
