using FanHub.Contracts;
using FanHub.Server.Channels;

namespace FanHub.Server.Results.Desk;

/// <summary><see cref="ResultItem"/> with all its languages.</summary>
internal sealed record PublishedResult
{
    public required string Unit { get; init; }

    public required string Sport { get; init; }

    public required Texts Title { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long Version { get; init; }

    public string? Table { get; init; }

    public required IReadOnlyList<PublishedEntry> Entries { get; init; }

    public int? Of { get; init; }

    public IReadOnlyList<ResultPeriod>? Periods { get; init; }

    public string? Venue { get; init; }

    public ResultChanges? Changes { get; init; }

    public bool? Corrected { get; init; }

    public Texts? Note { get; init; }
}

/// <summary><see cref="TelemetryItem"/> with all its languages.</summary>
internal sealed record PublishedTelemetry
{
    public required string Unit { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long Version { get; init; }

    public required IReadOnlyList<PublishedEntry> Entries { get; init; }

    public IReadOnlyList<ResultPeriod>? Periods { get; init; }
}

/// <summary><see cref="ResultEntry"/> with all its languages.</summary>
internal sealed record PublishedEntry
{
    public int? Rank { get; init; }

    public string? RankText { get; init; }

    public bool? RankEqual { get; init; }

    public required PublishedCompetitor Competitor { get; init; }

    public string? Result { get; init; }

    public string? ResultType { get; init; }

    public string? Diff { get; init; }

    public string? Mark { get; init; }

    public string? Medal { get; init; }

    public string? Qualified { get; init; }

    public string? Outcome { get; init; }

    public string? Start { get; init; }

    public IReadOnlyList<string>? Records { get; init; }
}

/// <summary><see cref="Competitor"/> with all its languages.</summary>
internal sealed record PublishedCompetitor
{
    public required string Id { get; init; }

    /// <summary>A string, or <see cref="Texts"/> where languages differ.</summary>
    public required object Name { get; init; }

    public required string Organisation { get; init; }

    public IReadOnlyList<PublishedMember>? Members { get; init; }
}

/// <summary><see cref="TeamMember"/> with all its languages.</summary>
/// <param name="Id">The source's id.</param>
/// <param name="Name">A string, or <see cref="Texts"/> where languages differ.</param>
internal sealed record PublishedMember(string Id, object Name);

/// <summary><see cref="EventMedalsItem"/> with all its languages.</summary>
internal sealed record PublishedMedals
{
    public required string Event { get; init; }

    public required string Sport { get; init; }

    public required Texts Title { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long Version { get; init; }

    public required IReadOnlyList<PublishedMedal> Medals { get; init; }

    public bool? Corrected { get; init; }

    public Texts? Note { get; init; }
}

/// <summary><see cref="EventMedal"/> with all its languages.</summary>
/// <param name="Medal">Its colour.</param>
/// <param name="Competitor">Who won it.</param>
internal sealed record PublishedMedal(string Medal, PublishedCompetitor Competitor);

/// <summary><see cref="MedalTableItem"/> with all its languages.</summary>
internal sealed record PublishedTable
{
    public required IReadOnlyList<MedalTableRow> Organisations { get; init; }

    public IReadOnlyList<string>? Changes { get; init; }

    public bool? Corrected { get; init; }

    public Texts? Note { get; init; }
}

/// <summary><see cref="ScheduleItem"/> with all its languages.</summary>
internal sealed record PublishedSchedule
{
    public required string Day { get; init; }

    public required string Sport { get; init; }

    public required IReadOnlyList<PublishedUnit> Units { get; init; }
}

/// <summary><see cref="ScheduledUnit"/> with all its languages.</summary>
internal sealed record PublishedUnit
{
    public required string Unit { get; init; }

    public required Texts Title { get; init; }

    public required string Status { get; init; }

    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }

    public string? Venue { get; init; }

    public bool? Medal { get; init; }
}
