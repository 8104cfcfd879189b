using System.Collections.Frozen;
using FanHub.Server.Channels;

namespace FanHub.Server.Results.Odf;

/// <summary>Feeds name languages with three letters, the terminological ones or the bibliographic ones; fans with BCP 47 tags.</summary>
internal static class OdfLanguages
{
    private static readonly FrozenDictionary<string, string> Tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["ARA"] = "ar",
        ["BEL"] = "be",
        ["BUL"] = "bg",
        ["CAT"] = "ca",
        ["CES"] = "cs",
        ["CHI"] = "zh",
        ["CZE"] = "cs",
        ["DAN"] = "da",
        ["DEU"] = "de",
        ["DUT"] = "nl",
        ["ELL"] = "el",
        ["ENG"] = "en",
        ["EST"] = "et",
        ["FAS"] = "fa",
        ["FIN"] = "fi",
        ["FRA"] = "fr",
        ["FRE"] = "fr",
        ["GER"] = "de",
        ["GRE"] = "el",
        ["HEB"] = "he",
        ["HIN"] = "hi",
        ["HRV"] = "hr",
        ["HUN"] = "hu",
        ["IND"] = "id",
        ["ITA"] = "it",
        ["JPN"] = "ja",
        ["KAZ"] = "kk",
        ["KOR"] = "ko",
        ["LAV"] = "lv",
        ["LIT"] = "lt",
        ["MAY"] = "ms",
        ["MSA"] = "ms",
        ["NLD"] = "nl",
        ["NOR"] = "no",
        ["PER"] = "fa",
        ["POL"] = "pl",
        ["POR"] = "pt",
        ["RON"] = "ro",
        ["RUM"] = "ro",
        ["RUS"] = "ru",
        ["SLK"] = "sk",
        ["SLO"] = "sk",
        ["SLV"] = "sl",
        ["SPA"] = "es",
        ["SRP"] = "sr",
        ["SWE"] = "sv",
        ["THA"] = "th",
        ["TUR"] = "tr",
        ["UKR"] = "uk",
        ["VIE"] = "vi",
        ["ZHO"] = "zh",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tag for what a header says; the default where it says nothing, or nothing that could be a language.</summary>
    public static string Tag(string? language, string defaultLocale)
    {
        if (string.IsNullOrWhiteSpace(language))
        {
            return defaultLocale;
        }

        if (Tags.TryGetValue(language, out var tag))
        {
            return tag;
        }

        // Three letters are a code that is not known here; anything longer is taken for a tag as it stands.
        return !Locales.IsTag(language) ? defaultLocale : language.Length > 3 ? language : language.ToLowerInvariant();
    }

    /// <summary>Whether a text in this language serves those who are sent the default one: it is that, or a parent of it.</summary>
    public static bool IsDefault(string tag, string defaultLocale) =>
        string.Equals(tag, defaultLocale, StringComparison.OrdinalIgnoreCase)
        || (defaultLocale.Length > tag.Length && defaultLocale[tag.Length] == '-' && defaultLocale.StartsWith(tag, StringComparison.OrdinalIgnoreCase));
}
