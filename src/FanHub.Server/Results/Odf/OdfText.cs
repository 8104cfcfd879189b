using System.Text;

namespace FanHub.Server.Results.Odf;

/// <summary>Makes texts fit to be stored and shown.</summary>
internal static class OdfText
{
    /// <summary>The longest code, in UTF-16 units; the feed's own have 34 characters at most.</summary>
    public const int MaxCode = 100;

    /// <summary>The longest name or title.</summary>
    public const int MaxText = 500;

    /// <summary>The longest note.</summary>
    public const int MaxNote = 2000;

    /// <summary>
    /// The text on one line: white space collapsed, control characters and halves of surrogate pairs removed, cut at <paramref name="max"/>. Null where nothing is left.
    /// </summary>
    public static string? Clean(string? text, int max)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return IsClean(text) && text.Length <= max ? text : Rewrite(text, max);
    }

    private static bool IsClean(string text)
    {
        var afterSpace = true;
        foreach (var c in text)
        {
            if (c == ' ')
            {
                if (afterSpace)
                    return false;
                afterSpace = true;
                continue;
            }

            afterSpace = false;
            if (char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || IsNoCharacter(c))
                return false;
        }

        return !afterSpace;
    }

    private static string? Rewrite(string text, int max)
    {
        var clean = new StringBuilder(Math.Min(text.Length, max));
        var space = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c))
            {
                space = clean.Length > 0;
                continue;
            }

            var pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (!pair && (char.IsControl(c) || char.IsSurrogate(c) || IsNoCharacter(c)))
                continue;
            if (clean.Length + (space ? 1 : 0) + (pair ? 2 : 1) > max)
                break;
            if (space)
                clean.Append(' ');
            space = false;
            clean.Append(c);
            if (pair)
                clean.Append(text[++i]);
        }

        return clean.Length == 0 ? null : clean.ToString();
    }

    private static bool IsNoCharacter(char c) => c is '\uFFFE' or '\uFFFF' or '\uFEFF';
}
