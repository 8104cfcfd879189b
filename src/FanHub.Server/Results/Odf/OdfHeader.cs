namespace FanHub.Server.Results.Odf;

/// <summary>What the header of a feed message says: the attributes of <c>OdfBody</c>.</summary>
internal sealed record OdfHeader
{
    /// <summary>The competition.</summary>
    public required string CompetitionCode { get; init; }

    /// <summary>What the document is about: mostly a code of discipline, gender, event, phase and unit in 34 characters. Kept as it came.</summary>
    public required string DocumentCode { get; init; }

    /// <summary>For example <c>DT_RESULT</c>.</summary>
    public required string DocumentType { get; init; }

    /// <summary>Tells documents of one type and code apart; null where absent or empty.</summary>
    public string? DocumentSubcode { get; init; }

    /// <summary>Tells documents of one type and code apart; null where absent or empty.</summary>
    public string? DocumentSubtype { get; init; }

    /// <summary>Three letters, <c>ENG</c>; null where absent or empty.</summary>
    public string? Language { get; init; }

    /// <summary>From 1; the higher replaces the lower.</summary>
    public required long Version { get; init; }

    /// <summary>As its source writes it, <c>OFFICIAL</c>; null where absent or empty.</summary>
    public string? ResultStatus { get; init; }

    /// <summary><c>P</c> for production, <c>T</c> for a test.</summary>
    public required char FeedFlag { get; init; }

    /// <summary>Date and time at the venue.</summary>
    public required DateTime LocalTime { get; init; }

    /// <summary>The day that it belongs to, which may end after midnight.</summary>
    public required DateOnly LogicalDate { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// Names the document whose versions replace each other: competition, code, subcode, type, subtype and language.
    /// </summary>
    public string DocumentKey => string.Join('|', CompetitionCode, DocumentCode, DocumentSubcode, DocumentType, DocumentSubtype, Language);
}
