using FanHub.Contracts;

namespace FanHub.Server.Results.Desk;

/// <summary>A result that an editor wrote. It leads over what a feed says of the same unit: it is a person's decision.</summary>
internal sealed record EditorsResult
{
    /// <summary>The unit's code.</summary>
    public required string Unit { get; init; }

    /// <summary>The discipline.</summary>
    public required string Sport { get; init; }

    /// <summary>What it is, by language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>As with <see cref="ResultItem.Status"/>.</summary>
    public required string Status { get; init; }

    /// <summary>When it became true.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>In the order in which they are to be shown.</summary>
    public required IReadOnlyList<ResultEntry> Entries { get; init; }

    /// <summary>What the editor says about it, by language.</summary>
    public IReadOnlyDictionary<string, string>? Note { get; init; }

    /// <summary>The parts of a match, in order.</summary>
    public IReadOnlyList<ResultPeriod>? Periods { get; init; }

    /// <summary>Where it takes place.</summary>
    public string? Venue { get; init; }

    /// <summary>The key of the document that a unit's editors' results are versions of.</summary>
    public static string DocumentKey(string unit) => KeyStart + unit;

    /// <summary>What the keys of such documents begin with.</summary>
    public const string KeyStart = "editors|";
}
