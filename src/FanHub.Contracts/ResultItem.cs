namespace FanHub.Contracts;

/// <summary>
/// A result: the <c>data</c> of <c>result:{code}</c>. Whole every time; <see cref="Changes"/> says what differs from the version that was published before it.
/// </summary>
public sealed record ResultItem
{
    /// <summary>The unit's code, as its source writes it.</summary>
    public required string Unit { get; init; }

    /// <summary>The discipline, as its source writes it: <c>SWM</c>.</summary>
    public required string Sport { get; init; }

    /// <summary>What it is, in <see cref="Lang"/>.</summary>
    public required string Title { get; init; }

    /// <summary>The language that the texts are in.</summary>
    public string? Lang { get; init; }

    /// <summary><c>start_list</c>, <c>live</c>, <c>intermediate</c>, <c>unconfirmed</c>, <c>unofficial</c>, <c>official</c>, <c>partial</c>, <c>protested</c> or <c>provisional</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When this version became true in the real world.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The source's own version, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>What kind of table it is, where it is not the unit's own result: <c>cumulative</c> or <c>phase</c>.</summary>
    public string? Table { get; init; }

    /// <summary>Who takes part, in the order in which they are to be shown.</summary>
    public required IReadOnlyList<ResultEntry> Entries { get; init; }

    /// <summary>How many entries there are, where not all fit into an item.</summary>
    public int? Of { get; init; }

    /// <summary>The parts of a match, in order.</summary>
    public IReadOnlyList<ResultPeriod>? Periods { get; init; }

    /// <summary>Where it takes place.</summary>
    public string? Venue { get; init; }

    /// <summary>What differs from the version that was published before.</summary>
    public ResultChanges? Changes { get; init; }

    /// <summary>Set when an official result was changed afterwards.</summary>
    public bool? Corrected { get; init; }

    /// <summary>What the source says about it, as plain text.</summary>
    public string? Note { get; init; }
}

/// <summary>One line of a result.</summary>
public sealed record ResultEntry
{
    /// <summary>The place, from 1; absent for who has none.</summary>
    public int? Rank { get; init; }

    /// <summary>The place as its source writes it, where that is no number.</summary>
    public string? RankText { get; init; }

    /// <summary>Whether others share the place.</summary>
    public bool? RankEqual { get; init; }

    /// <summary>Who.</summary>
    public required Competitor Competitor { get; init; }

    /// <summary>The result, ready to be shown: <c>52.33</c>.</summary>
    public string? Result { get; init; }

    /// <summary>What the result is, as its source writes it: <c>TIME</c>, <c>DISTANCE</c>, <c>POINTS</c>, …</summary>
    public string? ResultType { get; init; }

    /// <summary>How far behind the first, ready to be shown.</summary>
    public string? Diff { get; init; }

    /// <summary>Why there is no regular result: <c>DNS</c>, <c>DNF</c>, <c>DSQ</c>, …</summary>
    public string? Mark { get; init; }

    /// <summary><c>gold</c>, <c>silver</c> or <c>bronze</c>.</summary>
    public string? Medal { get; init; }

    /// <summary>Qualified for what comes next, as its source writes it: <c>Q</c>, <c>q</c>, …</summary>
    public string? Qualified { get; init; }

    /// <summary><c>W</c>, <c>L</c> or <c>T</c>: won, lost, tied.</summary>
    public string? Outcome { get; init; }

    /// <summary>The place on the start list: a lane, a number.</summary>
    public string? Start { get; init; }

    /// <summary>Records that fell, as their source writes them: <c>WR</c>, <c>OR</c>.</summary>
    public IReadOnlyList<string>? Records { get; init; }
}

/// <summary>A person or a team.</summary>
public sealed record Competitor
{
    /// <summary>The source's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, ready to be shown.</summary>
    public required string Name { get; init; }

    /// <summary>The country or club, by its code.</summary>
    public required string Organisation { get; init; }

    /// <summary>Who is in the team.</summary>
    public IReadOnlyList<TeamMember>? Members { get; init; }
}

/// <summary>One of a team.</summary>
/// <param name="Id">The source's id.</param>
/// <param name="Name">The name, ready to be shown.</param>
public sealed record TeamMember(string Id, string Name);

/// <summary>A part of a match: a half, a set, an inning.</summary>
/// <param name="Name">As its source writes it: <c>H1</c>, <c>SET2</c>.</param>
/// <param name="Scores">For each entry of the result, by its competitor's id, what it scored in the period.</param>
public sealed record ResultPeriod(string Name, IReadOnlyDictionary<string, string> Scores);

/// <summary>What differs from the version that was published before.</summary>
public sealed record ResultChanges
{
    /// <summary>Members of the item that differ, by their names on the wire, <c>entries</c> and <c>changes</c> apart.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Competitors whose line is new or differs, by id.</summary>
    public required IReadOnlyList<string> Entries { get; init; }
}
