namespace FanHub.Contracts;

/// <summary>One discipline's day: the <c>data</c> of <c>schedule:{day}.{sport}</c>, for example <c>schedule:2024-07-31.SWM</c>.</summary>
public sealed record ScheduleItem
{
    /// <summary>The day at the venue, <c>yyyy-mm-dd</c>.</summary>
    public required string Day { get; init; }

    /// <summary>The discipline, as its source writes it.</summary>
    public required string Sport { get; init; }

    /// <summary>The language that the texts are in.</summary>
    public string? Lang { get; init; }

    /// <summary>What takes place, by beginning.</summary>
    public required IReadOnlyList<ScheduledUnit> Units { get; init; }
}

/// <summary>One line of the schedule.</summary>
public sealed record ScheduledUnit
{
    /// <summary>The unit's code, as its source writes it; its channel is <c>unit.</c> and the code in lower case.</summary>
    public required string Unit { get; init; }

    /// <summary>What it is.</summary>
    public required string Title { get; init; }

    /// <summary>The title's language where it differs from the item's.</summary>
    public string? Lang { get; init; }

    /// <summary><c>scheduled</c>, <c>getting_ready</c>, <c>running</c>, <c>scheduled_break</c>, <c>finished</c>, <c>delayed</c>, <c>cancelled</c>, <c>postponed</c>, <c>rescheduled</c> or <c>interrupted</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it begins; absent where nobody has said.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Where it takes place.</summary>
    public string? Venue { get; init; }

    /// <summary>Whether medals are won in it.</summary>
    public bool? Medal { get; init; }
}

/// <summary>How a unit goes just now, fast and never official: the <c>data</c> of <c>telemetry:{code}</c>. Gone once there is an official result.</summary>
public sealed record TelemetryItem
{
    /// <summary>The unit's code, as its source writes it.</summary>
    public required string Unit { get; init; }

    /// <summary>When this was so.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The source's own version, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>The lines that the source sends, in its order.</summary>
    public required IReadOnlyList<ResultEntry> Entries { get; init; }

    /// <summary>The parts of a match, in order.</summary>
    public IReadOnlyList<ResultPeriod>? Periods { get; init; }
}
