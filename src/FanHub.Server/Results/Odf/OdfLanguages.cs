namespace FanHub.Server.Results.Odf;

/// <summary>Turns the feed's languages into BCP 47 tags.</summary>
internal static class OdfLanguages
{
    // The shortest code wins in BCP 47, and feeds write both the terminological and the bibliographic three letters.
    private static readonly Dictionary<string, string> Tags =
        ("ARA ar BEL be BUL bg CAT ca CES cs CHI zh CZE cs DAN da DEU de DUT nl ELL el ENG en EST et FAS fa FIN fi FRA fr FRE fr GER de GRE el HEB he HIN hi HRV hr HUN hu IND id "
            + "ITA it JPN ja KAZ kk KOR ko LAV lv LIT lt MAY ms MSA ms NLD nl NOR no PER fa POL pl POR pt RON ro RUM ro RUS ru SLK sk SLO sk SLV sl SPA es SRP sr SWE sv THA th TUR tr UKR uk VIE vi ZHO zh")
        .Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);

    /// <summary>The tag: <c>ENG</c> is <c>en</c>; what is not known and looks like a tag is taken as one.</summary>
    /// <param name="language">As the feed writes it; null or meaningless for the default.</param>
    /// <param name="standard">The default.</param>
    public static string Tag(string? language, string standard)
    {
        if (language is null)
            return standard;
        if (Tags.TryGetValue(language, out var tag))
            return tag;
        return language.Length is >= 2 and <= 16 && char.IsAsciiLetter(language[0]) && language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? language.Length == 3 ? language.ToLowerInvariant() : language
            : standard;
    }
}
