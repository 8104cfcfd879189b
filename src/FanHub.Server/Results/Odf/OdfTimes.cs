using System.Globalization;

namespace FanHub.Server.Results.Odf;

/// <summary>Reads dates and times in the ways that feeds write them.</summary>
internal static class OdfTimes
{
    private static readonly string[] Days = ["yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd"];

    /// <summary>A day: <c>2024-07-31</c>, <c>20240731</c>, or the beginning of a date and time; null where it is none.</summary>
    public static DateOnly? Day(string? text)
    {
        if (text is null)
            return null;
        var time = text.IndexOf('T', StringComparison.Ordinal);
        return DateOnly.TryParseExact(time < 0 ? text : text[..time], Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    /// <summary>
    /// A time of the day: <c>203102250</c> (the rule: hours, minutes, seconds, milliseconds), shorter (<c>203102</c>, <c>2031</c>) or apart (<c>20:31:02.250</c>, <c>8:05</c>); null where it is none.
    /// <c>24:00</c> is the end of the day, and a leap second counts as the second before it.
    /// </summary>
    public static TimeSpan? TimeOfDay(string? text)
    {
        if (text is null)
            return null;
        var point = text.IndexOfAny(['.', ',']);
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? "" : text[(point + 1)..];
        string[] parts;
        if (whole.Contains(':', StringComparison.Ordinal))
        {
            parts = whole.Split(':');
            // 20:31:02:250
            if (parts.Length == 4 && fraction.Length == 0)
                (parts, fraction) = (parts[..3], parts[3]);
        }
        else
        {
            if (whole.Length > 6 && fraction.Length == 0)
                (whole, fraction) = (whole[..6], whole[6..]);
            if (whole.Length is not (4 or 6))
                return null;
            parts = [.. whole.Chunk(2).Select(digits => new string(digits))];
        }

        if (parts.Length is not (2 or 3)
            || Number(parts[0], 24) is not { } hours
            || Number(parts[1], 59) is not { } minutes
            || Number(parts.ElementAtOrDefault(2) ?? "0", 60) is not { } seconds
            || Milliseconds(fraction) is not { } milliseconds)
            return null;
        var time = seconds == 60 ? new TimeSpan(0, hours, minutes, 59, 999) : new TimeSpan(0, hours, minutes, seconds, milliseconds);
        return time <= TimeSpan.FromDays(1) ? time : null;
    }

    /// <summary>
    /// A date and time (<c>2024-07-31T20:30:00+02:00</c>); without an offset it is that of the venue. Null where it is none, or far from any competition.
    /// </summary>
    public static DateTimeOffset? Moment(string? text, TimeZoneInfo zone)
    {
        var parting = text?.IndexOfAny(['T', ' ']) ?? -1;
        if (text is null || parting < 0 || Day(text[..parting]) is not { Year: >= 1900 and <= 2200 } day)
            return null;
        var time = text[(parting + 1)..];
        var sign = time.IndexOfAny(['Z', 'z', '+', '-']);
        if (TimeOfDay(sign < 0 ? time : time[..sign]) is not { } since)
            return null;
        var local = day.ToDateTime(TimeOnly.MinValue) + since;
        return (sign < 0 ? zone.GetUtcOffset(local) : Offset(time[sign..])) is { } offset ? new DateTimeOffset(local, offset) : null;
    }

    // Z, +02:00, +0200 or +02.
    private static TimeSpan? Offset(string text)
    {
        if (text is "Z" or "z")
            return TimeSpan.Zero;
        var digits = text[1..].Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is not (2 or 4) || Number(digits[..2], 14) is not { } hours || Number(digits.Length == 4 ? digits[2..] : "0", 59) is not { } minutes)
            return null;
        var offset = new TimeSpan(hours, minutes, 0);
        return offset > TimeSpan.FromHours(14) ? null : text[0] == '-' ? -offset : text[0] == '+' ? offset : null;
    }

    private static int? Number(string digits, int most) =>
        digits.Length is 1 or 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;

    private static int? Milliseconds(string fraction)
    {
        if (fraction.Length == 0)
            return 0;
        if (fraction.Length > 12 || !fraction.All(char.IsAsciiDigit))
            return null;
        return int.Parse(fraction.PadRight(3, '0').AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
