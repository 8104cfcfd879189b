using System.Text.RegularExpressions;
using FanHub.Server.Hosting;

namespace FanHub.Server.Channels;

/// <summary>The rules for texts that have languages.</summary>
internal static partial class Locales
{
    private const int MaxTagLength = 35;

    /// <summary>Whether this has the form of a BCP 47 tag that we take.</summary>
    public static bool IsTag(string? tag) => tag is { Length: > 0 and <= MaxTagLength } && Tag().IsMatch(tag);

    /// <summary>Notes what is wrong with a text.</summary>
    /// <param name="errors">Receives it.</param>
    /// <param name="field">The text's path in the body.</param>
    /// <param name="texts">The text, by language.</param>
    /// <param name="maxLength">How long it may be in each, in UTF-16 units.</param>
    /// <param name="defaultLocale">The language that it must have; null where that is not known.</param>
    /// <param name="lines">Whether it may have several lines.</param>
    public static void Check(FieldErrors errors, string field, IReadOnlyDictionary<string, string>? texts, int maxLength, string? defaultLocale, bool lines = false)
    {
        if (!errors.Check(texts is { Count: > 0 }, field, "is needed, as a map from language to text"))
        {
            return;
        }

        foreach (var (tag, text) in texts!)
        {
            var place = $"{field}.{(tag.Length <= MaxTagLength ? tag : tag[..MaxTagLength] + "…")}";
            errors.Check(IsTag(tag), place, "is not a language tag (BCP 47, at most 35 characters)");
            if (!errors.Check(!string.IsNullOrWhiteSpace(text), place, "is empty"))
            {
                continue;
            }

            errors.Check(text.Length <= maxLength, place, $"is longer than {maxLength} characters");
            errors.Check(!text.Any(c => char.IsControl(c) && !(lines && c == '\n')), place, lines ? "has control characters other than line feeds" : "has control characters or line breaks");
        }

        errors.Check(texts.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() == texts.Count, field, "names a language twice");
        errors.Check(defaultLocale is null || texts.Keys.Contains(defaultLocale, StringComparer.OrdinalIgnoreCase), field, $"lacks the default language, {defaultLocale}");
    }

    /// <summary>Which of the required languages a text lacks.</summary>
    public static IEnumerable<string> Missing(IReadOnlyDictionary<string, string> texts, IEnumerable<string> required) =>
        required.Where(r => !texts.Keys.Contains(r, StringComparer.OrdinalIgnoreCase));

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
