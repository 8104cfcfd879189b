using System.Net;
using System.Text;

namespace FanHub.Server.Results.Odf;

/// <summary>Turns text that may hold HTML into plain text. What comes out is text, not safe HTML: it is shown as text.</summary>
internal static class OdfHtml
{
    // Tags inside a word or a sentence; all others part what is on both sides.
    private static readonly HashSet<string> Inline =
        new(["a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an element of this name parts the texts on both sides of it.</summary>
    public static bool Parts(string name) => !Inline.Contains(name);

    /// <summary>Without tags, comments, scripts and styles, entities decoded, on one line, cut at <paramref name="max"/>; null where nothing is left.</summary>
    public static string? ToText(string? html, int max)
    {
        if (html is null)
            return null;
        var text = html.Contains('<', StringComparison.Ordinal) ? WithoutTags(html) : html;
        return OdfText.Clean(text.Contains('&', StringComparison.Ordinal) ? WebUtility.HtmlDecode(text) : text, max);
    }

    private static string WithoutTags(string html)
    {
        var text = new StringBuilder(html.Length);
        // Where no tag can end any more, '<' is only a sign: looking again for each would take the square of the length.
        var lastEnd = html.LastIndexOf('>');
        for (var i = 0; i < html.Length; i++)
        {
            if (html[i] != '<' || i >= lastEnd || !(html[i + 1] is '/' or '!' or '?' || char.IsAsciiLetter(html[i + 1])))
            {
                text.Append(html[i]);
                continue;
            }

            var name = NameAt(html, html[i + 1] == '/' ? i + 2 : i + 1);
            var end = html.AsSpan(i).StartsWith("<!--") ? "-->" : html[i + 1] == '/' ? ">" : name.ToUpperInvariant() switch { "SCRIPT" => "</script", "STYLE" => "</style", _ => ">" };
            var at = html.IndexOf(end, i, StringComparison.OrdinalIgnoreCase);
            // A script that is never closed is the rest of the text.
            at = at < 0 ? html.Length : html.IndexOf('>', at);
            if (Parts(name))
                text.Append(' ');
            i = at < 0 ? html.Length : at;
        }

        return text.ToString();
    }

    private static string NameAt(string html, int start)
    {
        var end = start;
        while (end < html.Length && end - start < 16 && char.IsAsciiLetterOrDigit(html[end]))
            end++;
        return html[start..end];
    }
}
