using System.Globalization;
using System.Text;

namespace FanHub.Server.Fans;

/// <summary>
/// What a name looks like at a glance, in letters alone: without case, accents, spaces and punctuation, digits and symbols that pass for letters as those letters, Cyrillic and Greek ones as the
/// Latin ones that they resemble. Two names with the same skeleton can be taken for each other. It is for comparing, never for showing.
/// </summary>
internal static class NameSkeleton
{
    // Pairs: what is seen, what it is taken for. All that resembles an l or an i is an i. Capitals stand here where they resemble another letter than their small ones do.
    private const string LookAlikes =
        "0o1i3e4a5s6g7t8b9g@a$s!i|i€e£iliıi¡i" +
        "ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxαaβbγyδdεeηnιiκkμuνvοoρpςsσoτtυuχxωw" +
        "АaВbЕeЗeІiЈjКkМmНhОoРpСcТtУyХxЅsаaвbгrеeзeиuіiјjкkмmнhоoпnрpсcтtуyхxѕsьbһhԁdԛqԝwӏiґrєe" +
        "øołiđdħhŧtßsɑaɡgɩiɪiʟiʀrոnսuօoհhցg";

    private static readonly Dictionary<Rune, Rune> Seen = Read();

    /// <summary>The skeleton of all of it.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="lettersOnly">Whether digits and symbols are left out, and not taken for letters.</param>
    public static string Of(string text, bool lettersOnly = false) => string.Concat(Words(text, lettersOnly));

    /// <summary>The skeletons of its words.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="lettersOnly">Whether digits and symbols part words, and are not taken for letters.</param>
    public static IEnumerable<string> Words(string text, bool lettersOnly = false)
    {
        var word = new StringBuilder();
        foreach (var rune in UnicodeForms.Decompose(text).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            {
                continue;
            }

            if (Letter(rune, lettersOnly) is { } letter)
            {
                word.Append(letter.ToString());
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    private static Rune? Letter(Rune rune, bool lettersOnly)
    {
        var isLetter = Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpacingCombiningMark;
        if (lettersOnly && !isLetter)
        {
            return null;
        }

        if (Seen.TryGetValue(rune, out var taken) || Seen.TryGetValue(rune = Rune.ToLowerInvariant(rune), out taken))
        {
            return taken;
        }

        return isLetter || Rune.IsNumber(rune) ? rune : null;
    }

    private static Dictionary<Rune, Rune> Read()
    {
        var runes = LookAlikes.EnumerateRunes().ToArray();
        var seen = new Dictionary<Rune, Rune>(runes.Length / 2);
        for (var i = 0; i < runes.Length; i += 2)
        {
            seen.Add(runes[i], runes[i + 1]);
        }

        return seen;
    }
}
