namespace FanHub.Contracts;

/// <summary>The medal table: the <c>data</c> of <c>medals:table</c>.</summary>
public sealed record MedalTableItem
{
    /// <summary>Who has medals, the best first: by gold, then silver, then bronze, then code.</summary>
    public required IReadOnlyList<MedalTableRow> Organisations { get; init; }

    /// <summary>Organisations whose numbers differ from those that were published before.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>Set when medals that had been counted were taken away or moved.</summary>
    public bool? Corrected { get; init; }

    /// <summary>What the source says about the last change, as plain text.</summary>
    public string? Note { get; init; }
}

/// <summary>One line of the medal table.</summary>
/// <param name="Organisation">The country or club, by its code.</param>
/// <param name="Gold">Gold medals.</param>
/// <param name="Silver">Silver medals.</param>
/// <param name="Bronze">Bronze medals.</param>
/// <param name="Total">All of them.</param>
/// <param name="Rank">The place, from 1; equal numbers share it (1, 2, 2, 4).</param>
public sealed record MedalTableRow(string Organisation, int Gold, int Silver, int Bronze, int Total, int Rank);

/// <summary>Who won the medals of an event: the <c>data</c> of <c>medals:{event code}</c>.</summary>
public sealed record EventMedalsItem
{
    /// <summary>The event's code, as its source writes it.</summary>
    public required string Event { get; init; }

    /// <summary>The discipline, as its source writes it.</summary>
    public required string Sport { get; init; }

    /// <summary>What it is, in <see cref="Lang"/>.</summary>
    public required string Title { get; init; }

    /// <summary>The language that the texts are in.</summary>
    public string? Lang { get; init; }

    /// <summary>As with <see cref="ResultItem.Status"/>; medals count in the table when they are <c>official</c> or <c>partial</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When this became true in the real world.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The source's own version, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>The medals, gold first. Two of one colour, even to one organisation, are two.</summary>
    public required IReadOnlyList<EventMedal> Medals { get; init; }

    /// <summary>Set when official medals were changed afterwards.</summary>
    public bool? Corrected { get; init; }

    /// <summary>What the source says about it, as plain text.</summary>
    public string? Note { get; init; }
}

/// <summary>One medal.</summary>
/// <param name="Medal"><c>gold</c>, <c>silver</c> or <c>bronze</c>.</param>
/// <param name="Competitor">Who won it.</param>
public sealed record EventMedal(string Medal, Competitor Competitor);
