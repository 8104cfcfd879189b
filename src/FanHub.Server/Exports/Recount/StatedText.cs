using System.Globalization;

namespace FanHub.Server.Exports.Recount;

/// <summary>What is written alike in both formats.</summary>
internal static class StatedText
{
    private const int FanDigits = 32;

    /// <summary>A fan's salted id.</summary>
    /// <exception cref="UnreadableExportException">It is none.</exception>
    public static UInt128 Fan(string text) =>
        text.Length == FanDigits && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var fan)
            ? fan
            : throw new UnreadableExportException($"'{Shortened(text)}' is not a fan's id: it would have {FanDigits} hexadecimal digits. (Spreadsheets change them: count the file as it was downloaded.)");

    /// <summary>A fan's salted id as it is written.</summary>
    public static string Of(UInt128 fan) => fan.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    /// <exception cref="UnreadableExportException">It is none.</exception>
    public static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new UnreadableExportException($"'{Shortened(text)}' is not a whole number.");

    /// <summary>A moment.</summary>
    /// <exception cref="UnreadableExportException">It is none.</exception>
    public static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : throw new UnreadableExportException($"'{Shortened(text)}' is not a moment.");

    /// <summary>Looks whether this is a format that can be counted.</summary>
    /// <exception cref="UnreadableExportException">It is not.</exception>
    public static void RequireFormat(string? format)
    {
        if (!string.Equals(format, "fanhub-export-v1", StringComparison.Ordinal))
        {
            throw new UnreadableExportException(format is null ? "It does not say its format: it is no export of FanHub." : $"Its format is '{Shortened(format)}'; fanhub-export-v1 can be counted.");
        }
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
