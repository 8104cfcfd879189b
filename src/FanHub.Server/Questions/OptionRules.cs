using System.Text.RegularExpressions;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;

namespace FanHub.Server.Questions;

/// <summary>The rules for what can be chosen.</summary>
internal static partial class OptionRules
{
    private const int MinOptions = 2;
    private const int MaxOptions = 64;
    private const int MaxLabel = 200;

    /// <summary>Whether this can name an option or a question: 1 to 32 letters, digits, hyphens or underscores.</summary>
    public static bool IsId(string? id) => id is not null && OptionId().IsMatch(id);

    /// <summary>Checks options, and names those that have no id.</summary>
    /// <param name="errors">Receives what is wrong.</param>
    /// <param name="field">Where they are in the body.</param>
    /// <param name="options">The options.</param>
    /// <param name="defaultLocale">The language that each must have; null where that is not known.</param>
    public static List<QuestionOption> Check(FieldErrors errors, string field, IReadOnlyList<BodyOption?> options, string? defaultLocale)
    {
        errors.Check(options.Count is >= MinOptions and <= MaxOptions, field, $"has to have from {MinOptions} to {MaxOptions} entries");
        var ids = MadeUpIds(options.Select(o => o?.Id));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = new List<QuestionOption>(options.Count);
        for (var i = 0; i < Math.Min(options.Count, MaxOptions); i++)
        {
            var id = ids[i];
            errors.Check(IsId(id), $"{field}[{i}].id", "has to be 1 to 32 letters, digits, hyphens or underscores");
            errors.Check(seen.Add(id), $"{field}[{i}].id", "is there twice");
            Locales.Check(errors, $"{field}[{i}].label", options[i]?.Label, MaxLabel, defaultLocale);
            result.Add(new QuestionOption(id, options[i]?.Label ?? []));
        }

        return result;
    }

    /// <summary>The ids given, and where one is absent, one that is not given: a to z, then aa, ab…</summary>
    public static List<string> MadeUpIds(IEnumerable<string?> given)
    {
        var ids = given.ToList();
        var taken = ids.OfType<string>().ToHashSet(StringComparer.Ordinal);
        using var free = Enumerable.Range(0, int.MaxValue).Select(MadeUpId).Where(id => !taken.Contains(id)).GetEnumerator();
        return [.. ids.Select(id => id ?? Next())];

        string Next()
        {
            free.MoveNext();
            return free.Current;
        }
    }

    private static string MadeUpId(int index) => index < 26 ? ((char)('a' + index)).ToString() : MadeUpId((index / 26) - 1) + (char)('a' + (index % 26));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,32}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionId();
}
