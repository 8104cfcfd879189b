using System.Globalization;
using System.Text;

namespace FanHub.Server.Fans;

/// <summary>
/// Normalization forms NFKC and NFKD (UAX #15), from a table of this program's own: it runs without ICU, and the framework then normalizes ASCII alone and leaves the rest as it is.
/// </summary>
internal static class UnicodeForms
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28, HangulCount = LeadCount * VowelCount * TailCount;

    /// <summary>The combining class of viramas, which tie consonants together.</summary>
    public const int Virama = 9;

    private static readonly Lazy<Tables> Loaded = new(Tables.Load);

    /// <summary>The form in which what looks and means the same is written the same: <c>ﬁ</c> as <c>fi</c>, <c>e</c> with an acute as <c>é</c>.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    public static string Compose(string text) => Write(Compose(Decomposed(text)));

    /// <summary>The form in which every mark stands by itself: <c>é</c> as <c>e</c> and an acute.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    public static string Decompose(string text) => Write(Decomposed(text));

    /// <summary>The character's canonical combining class; 0 for what does not move about.</summary>
    public static int CombiningClass(Rune rune) => Loaded.Value.Classes.GetValueOrDefault(rune.Value);

    private static List<int> Decomposed(string text)
    {
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, runes);
        }

        Order(runes);
        return runes;
    }

    private static void Decompose(int rune, List<int> into)
    {
        if (rune - HangulFirst is >= 0 and < HangulCount and var syllable)
        {
            into.Add(LeadFirst + (syllable / (VowelCount * TailCount)));
            into.Add(VowelFirst + (syllable / TailCount % VowelCount));
            if (syllable % TailCount is > 0 and var tail)
            {
                into.Add(TailBase + tail);
            }
        }
        else if (Loaded.Value.Parts.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, into);
            }
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Sorts marks on the same letter by their classes; those of one class keep their order.</summary>
    private static void Order(List<int> runes)
    {
        var classes = Loaded.Value.Classes;
        for (var i = 1; i < runes.Count; i++)
        {
            var moving = runes[i];
            var own = classes.GetValueOrDefault(moving);
            var at = i;
            for (; own != 0 && at > 0 && classes.GetValueOrDefault(runes[at - 1]) > own; at--)
            {
                runes[at] = runes[at - 1];
            }

            runes[at] = moving;
        }
    }

    private static List<int> Compose(List<int> runes)
    {
        var tables = Loaded.Value;
        var composed = new List<int>(runes.Count);
        var starter = -1;
        var lastClass = 0;
        foreach (var rune in runes)
        {
            var own = tables.Classes.GetValueOrDefault(rune);
            var adjacent = starter == composed.Count - 1;
            if (starter >= 0 && (adjacent || (lastClass != 0 && lastClass < own)) && Pair(composed[starter], rune, tables) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (own == 0)
            {
                starter = composed.Count;
            }

            lastClass = own;
            composed.Add(rune);
        }

        return composed;
    }

    private static int? Pair(int first, int second, Tables tables)
    {
        if (first - LeadFirst is >= 0 and < LeadCount and var lead && second - VowelFirst is >= 0 and < VowelCount and var vowel)
        {
            return HangulFirst + (((lead * VowelCount) + vowel) * TailCount);
        }

        if (first - HangulFirst is >= 0 and < HangulCount and var syllable && syllable % TailCount == 0 && second - TailBase is > 0 and < TailCount and var tail)
        {
            return HangulFirst + syllable + tail;
        }

        return tables.Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    private static string Write(List<int> runes)
    {
        var text = new StringBuilder(runes.Count + 4);
        foreach (var rune in runes)
        {
            text.Append(new Rune(rune).ToString());
        }

        return text.ToString();
    }

    /// <summary>What <c>unicode-forms.txt</c> says.</summary>
    private sealed record Tables(Dictionary<int, int[]> Parts, Dictionary<(int First, int Second), int> Wholes, Dictionary<int, int> Classes)
    {
        public static Tables Load()
        {
            using var stream = typeof(UnicodeForms).Assembly.GetManifestResourceStream("unicode-forms.txt") ?? throw new InvalidOperationException("The table of Unicode forms is not in the program.");
            using var reader = new StreamReader(stream);
            var tables = new Tables([], [], []);
            while (reader.ReadLine() is { } line)
            {
                var words = line[1..].Split(' ');
                switch (line[0])
                {
                    case '@':
                        for (int rune = Hex(words[1]), last = Hex(words[2]); rune <= last; rune++)
                        {
                            tables.Classes[rune] = int.Parse(words[0], CultureInfo.InvariantCulture);
                        }

                        break;
                    case '=' or '-' or '~':
                        var parts = Array.ConvertAll(words[1..], Hex);
                        tables.Parts[Hex(words[0])] = parts;
                        if (line[0] == '=')
                        {
                            tables.Wholes[(parts[0], parts[1])] = Hex(words[0]);
                        }

                        break;
                    default:
                        break;
                }
            }

            return tables;
        }

        private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
