using FanHub.Contracts;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>The types of documents that results are derived from.</summary>
internal static class DocumentTypes
{
    public const string Result = "DT_RESULT";
    public const string Current = "DT_CURRENT";
    public const string CumulativeResult = "DT_CUMULATIVE_RESULT";
    public const string PhaseResult = "DT_PHASE_RESULT";
    public const string Schedule = "DT_SCHEDULE";
    public const string Participants = "DT_PARTIC";
    public const string Teams = "DT_PARTIC_TEAMS";
    public const string Medallists = "DT_MEDALLISTS";
    public const string Medals = "DT_MEDALS";

    private const string Update = "_UPDATE";

    /// <summary>Whether versions of the type add up, each replacing only the units or people in it.</summary>
    public static bool AddsUp(string type) => type.EndsWith(Update, StringComparison.Ordinal);

    /// <summary>The type of which this one changes parts; itself where it is whole.</summary>
    public static string Whole(string type) => AddsUp(type) ? type[..^Update.Length] : type;

    /// <summary>Which document a message is a version of: where versions add up, each is one of its own.</summary>
    public static string DocumentKey(OdfHeader header) => AddsUp(header.DocumentType) ? $"{header.DocumentKey}|v{header.Version}" : header.DocumentKey;

    /// <summary>
    /// The header of a document of which only an invalidation is held, as far as its key tells: what names the document is there, when it was sent is not. Null where versions of the
    /// document add up.
    /// </summary>
    public static OdfHeader? Withdrawn(HeldDocument held) => held.Key.Split('|') is [var competition, var code, var subcode, var type, var subtype, var language]
        ? new OdfHeader
        {
            CompetitionCode = competition,
            DocumentCode = code,
            DocumentSubcode = subcode.Length > 0 ? subcode : null,
            DocumentType = type,
            DocumentSubtype = subtype.Length > 0 ? subtype : null,
            Language = language.Length > 0 ? language : null,
            Version = held.Version,
            Source = held.Source,
            FeedFlag = default,
            LocalTime = default,
            LogicalDate = default,
        }
        : null;

    /// <summary>Whether the key is one of a document of this type.</summary>
    public static bool IsOf(string documentKey, string type) => documentKey.Contains($"|{type}|", StringComparison.Ordinal);

    /// <summary>What a whole document and the changes of its parts have in common.</summary>
    public static string Family(OdfHeader header) =>
        AddsUp(header.DocumentType) ? (header with { DocumentType = Whole(header.DocumentType) }).DocumentKey : header.DocumentKey;

    /// <summary>The discipline that a code begins with.</summary>
    public static string Sport(string code) => code.Length > 3 ? code[..3] : code;
}

/// <summary>The keys of the items that results bring about.</summary>
internal static class DeskKeys
{
    /// <summary>The key of the medal table.</summary>
    public const string MedalTable = "medals:table";

    /// <summary>A longer code is cut, so that no key is longer than an item's may be.</summary>
    private const int MaxCodeLength = 100;
    private const int MaxPartLength = 30;

    /// <summary>The item that an editors' result is.</summary>
    public static string Result(string unit) => $"{ItemKinds.Result}:{Cut(unit, MaxCodeLength)}";

    /// <summary>The item that a table of entries is.</summary>
    public static string Table(OdfHeader header) => header.DocumentType switch
    {
        DocumentTypes.Current => Key(ItemKinds.Telemetry, header, ""),
        DocumentTypes.CumulativeResult => Key(ItemKinds.Result, header, ".cumulative"),
        DocumentTypes.PhaseResult => Key(ItemKinds.Result, header, ".phase"),
        _ => Key(ItemKinds.Result, header, ""),
    };

    /// <summary>The item that an event's medallists are.</summary>
    public static string Medallists(OdfHeader header)
    {
        var key = Key(ItemKinds.Medals, header, "");
        // An event that is called like the table does not take its place.
        return string.Equals(key, MedalTable, StringComparison.Ordinal) ? $"{ItemKinds.Medals}:table." : key;
    }

    /// <summary>The item that a discipline's day is.</summary>
    public static string Schedule(DateOnly day, string sport) => $"{ItemKinds.Schedule}:{day:yyyy-MM-dd}.{sport}";

    private static string Key(string kind, OdfHeader header, string table) =>
        $"{kind}:{Cut(header.DocumentCode, MaxCodeLength)}{table}{Part(header.DocumentSubcode)}{Part(header.DocumentSubtype)}";

    private static string Part(string? part) => string.IsNullOrEmpty(part) ? "" : "." + Cut(part, MaxPartLength);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
