using System.Buffers;
using System.Text;

namespace FanHub.Server.Exports;

/// <summary>
/// Cells of a CSV file (RFC 4180) that is safe to open in a spreadsheet. There, a cell that begins with <c>=</c> or the like is a formula, and somebody may have chosen the name for it;
/// and where a semicolon parts cells, one may begin in the middle. So an apostrophe is put before such a character, and before an apostrophe, wherever a cell could begin: at the
/// beginning, and after a semicolon, a quotation mark, a tab or a line break. To undo it, the first apostrophe at each of these places is left out.
/// </summary>
internal static class CsvCell
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:");
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\"\r\n\t ");

    /// <summary>The cell for a text.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var guarded = Guard(text);
        return guarded.AsSpan().ContainsAny(Quoted) ? $"\"{guarded.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : guarded;
    }

    private static string Guard(string text)
    {
        var guarded = new StringBuilder(text.Length + 1);
        var couldBegin = true;
        foreach (var c in text)
        {
            if (couldBegin && IsRisky(c))
            {
                guarded.Append('\'');
            }

            guarded.Append(c);
            couldBegin = c is ';' or '"' or '\t' or '\r' or '\n';
        }

        return guarded.ToString();
    }

    // Full-width ones too: some programs take them for the same.
    private static bool IsRisky(char c) => c is '=' or '+' or '-' or '@' or '\t' or '\r' or '\'' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20';
}
