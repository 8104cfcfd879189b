using FanHub.Contracts;

namespace FanHub.Server.Results.Odf;

/// <summary>A feed message, read.</summary>
internal sealed record OdfMessage
{
    /// <summary>Its header.</summary>
    public required OdfHeader Header { get; init; }

    /// <summary>What it holds; null where it has no <c>Competition</c> element (it invalidates the version that it names) or its type is not read (<see cref="IsRead"/>).</summary>
    public OdfContent? Content { get; init; }

    /// <summary>Whether messages of this type are read at all.</summary>
    public required bool IsRead { get; init; }

    /// <summary>Whether it says that the version it names is not to be shown.</summary>
    public required bool Invalidates { get; init; }

    /// <summary>What the source says about it, as plain text (no mark-up); null where nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What was wrong with it and could be read all the same, for people: what and where.</summary>
    public required IReadOnlyList<string> Defects { get; init; }
}

/// <summary>What a message holds, by its type.</summary>
internal abstract record OdfContent;

/// <summary>A table of entries: <c>DT_RESULT</c>, <c>DT_CURRENT</c>, <c>DT_CUMULATIVE_RESULT</c>, <c>DT_PHASE_RESULT</c>.</summary>
internal sealed record OdfTable : OdfContent
{
    /// <summary>The discipline's name.</summary>
    public string? SportName { get; init; }

    /// <summary>The event's name.</summary>
    public string? EventName { get; init; }

    /// <summary>The unit's name, with the event's or without.</summary>
    public string? UnitName { get; init; }

    /// <summary>The venue's name.</summary>
    public string? Venue { get; init; }

    /// <summary>In the order in which they are to be shown. A competitor's name is empty where the message has none.</summary>
    public required IReadOnlyList<ResultEntry> Entries { get; init; }

    /// <summary>The parts of a match, in order; empty where there are none.</summary>
    public IReadOnlyList<ResultPeriod> Periods { get; init; } = [];

    /// <summary>The organisations of all competitors and of their members, by code, each once.</summary>
    public IReadOnlyList<string> Organisations { get; init; } = [];
}

/// <summary>Units of the schedule: <c>DT_SCHEDULE</c>, <c>DT_SCHEDULE_UPDATE</c>.</summary>
/// <param name="Units">In the message's order.</param>
internal sealed record OdfSchedule(IReadOnlyList<OdfScheduleUnit> Units) : OdfContent;

/// <summary>One unit of the schedule.</summary>
internal sealed record OdfScheduleUnit
{
    /// <summary>The unit's code.</summary>
    public required string Code { get; init; }

    /// <summary>As its source writes it, <c>RUNNING</c>; <c>UNSCHEDULED</c> is not shown.</summary>
    public string? Status { get; init; }

    /// <summary>When it begins.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Whether <see cref="Start"/> only serves to find its day and its place in the order, and is not to be shown (<c>HideStartDate="Y"</c>: "follows").</summary>
    public bool StartHidden { get; init; }

    /// <summary>Its place among units that begin at the same time; null where the message does not say.</summary>
    public int? Order { get; init; }

    /// <summary>When it ends; null where nobody has said, or it is not to be shown.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>The day at the venue that it belongs to; null where the message does not say.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The venue's name, or code.</summary>
    public string? Venue { get; init; }

    /// <summary>Its names by BCP 47 tag (<c>en</c>, <c>fr</c>).</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>Whether medals are won in it.</summary>
    public bool Medal { get; init; }

    /// <summary>Whether the message takes it out of the schedule (<c>ModificationIndicator="D"</c>).</summary>
    public bool Deleted { get; init; }
}

/// <summary>People and teams: <c>DT_PARTIC</c>, <c>DT_PARTIC_TEAMS</c> and their updates.</summary>
/// <param name="People">In the message's order.</param>
internal sealed record OdfParticipants(IReadOnlyList<OdfParticipant> People) : OdfContent;

/// <summary>A person or team.</summary>
/// <param name="Code">The source's id.</param>
/// <param name="Name">The name, ready to be shown.</param>
/// <param name="Organisation">The country or club, by its code; empty where the message has none.</param>
internal sealed record OdfParticipant(string Code, string Name, string Organisation);

/// <summary>Who won the medals of an event: <c>DT_MEDALLISTS</c>.</summary>
internal sealed record OdfMedallists : OdfContent
{
    /// <summary>The discipline's name.</summary>
    public string? SportName { get; init; }

    /// <summary>The event's name.</summary>
    public string? EventName { get; init; }

    /// <summary>In the message's order.</summary>
    public required IReadOnlyList<EventMedal> Medals { get; init; }

    /// <summary>The organisations of all medallists and of their members, by code, each once.</summary>
    public IReadOnlyList<string> Organisations { get; init; } = [];
}

/// <summary>The source's own medal table: <c>DT_MEDALS</c>. Only compared with ours.</summary>
/// <param name="Rows">By organisation: gold, silver, bronze.</param>
internal sealed record OdfMedalTable(IReadOnlyDictionary<string, (int Gold, int Silver, int Bronze)> Rows) : OdfContent;

/// <summary>An official communication: <c>DT_COMMUNICATION</c>.</summary>
/// <param name="Title">Its title, as plain text.</param>
/// <param name="Text">What it says, as plain text.</param>
internal sealed record OdfCommunication(string? Title, string Text) : OdfContent;
