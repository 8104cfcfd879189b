using System.Globalization;

namespace FanHub.Server.Results.Odf;

/// <summary>Reads the attributes of <c>OdfBody</c>.</summary>
internal static class OdfHeaders
{
    /// <summary>The greatest whole number that every client reads as it is (2^53 - 1).</summary>
    private const long MaxVersion = (1L << 53) - 1;

    /// <summary>Goes to the root element and reads it.</summary>
    /// <exception cref="OdfException">It is not a feed message, or attributes are missing or mean nothing.</exception>
    public static OdfHeader Read(OdfXml xml)
    {
        while (xml.Read() && !xml.AtElement)
        {
            // Declaration and comments come first.
        }

        if (!xml.AtElement || xml.Name != "OdfBody")
            throw new OdfException($"The root element must be OdfBody, not {(xml.AtElement ? OdfText.Clean(xml.Name, OdfText.MaxCode) : "absent")}.");
        var missing = new List<string>();
        var competition = Mandatory(xml, "CompetitionCode", missing);
        var code = Mandatory(xml, "DocumentCode", missing);
        var type = Mandatory(xml, "DocumentType", missing);
        var version = Mandatory(xml, "Version", missing);
        var flag = Mandatory(xml, "FeedFlag", missing);
        var date = Mandatory(xml, "Date", missing);
        var time = Mandatory(xml, "Time", missing);
        var logical = Mandatory(xml, "LogicalDate", missing);
        var source = Mandatory(xml, "Source", missing);
        if (missing.Count > 0)
            throw new OdfException($"Missing in the header (OdfBody): {string.Join(", ", missing)}.");
        return new OdfHeader
        {
            CompetitionCode = competition,
            DocumentCode = code,
            DocumentType = type,
            DocumentSubcode = Optional(xml, "DocumentSubcode"),
            DocumentSubtype = Optional(xml, "DocumentSubtype"),
            Language = Optional(xml, "Language"),
            ResultStatus = Optional(xml, "ResultStatus"),
            Version = long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MaxVersion ? number : throw Means("Version", version, "a number from 1, below 2^53"),
            FeedFlag = flag is "P" or "T" ? flag[0] : throw Means("FeedFlag", flag, "P or T"),
            LocalTime = (OdfTimes.Day(date) ?? throw Means("Date", date, "yyyy-mm-dd")).ToDateTime(TimeOnly.MinValue)
                + (OdfTimes.TimeOfDay(time) ?? throw Means("Time", time, "hhmmssfff")),
            LogicalDate = OdfTimes.Day(logical) ?? throw Means("LogicalDate", logical, "yyyy-mm-dd"),
            Source = source,
        };
    }

    private static string Mandatory(OdfXml xml, string name, List<string> missing)
    {
        var value = Optional(xml, name);
        if (value is null)
            missing.Add(name);
        return value ?? "";
    }

    // A code cut short would name another document: too long is refused, not cut.
    private static string? Optional(OdfXml xml, string name) =>
        xml.Raw(name) is { Length: > OdfText.MaxCode } ? throw new OdfException($"{name} in the header is longer than {OdfText.MaxCode} characters.") : xml.Code(name);

    private static OdfException Means(string name, string value, string rule) => new($"{name} in the header is '{value}'; it must be {rule}.");
}
