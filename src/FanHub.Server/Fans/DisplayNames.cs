using System.Globalization;
using System.Text;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Fans;

/// <summary>Which names fans may have, in any script, and what those are called who chose none.</summary>
/// <remarks>
/// A name is refused with a text that says what to change, and never with the word that it was refused for. What look-alikes are, <see cref="NameSkeleton"/> says. The words built in are few and
/// stand for no policy: operators add theirs (<see cref="NameOptions.Blocked"/>), in their languages.
/// </remarks>
internal sealed class DisplayNames(IOptions<NameOptions> options)
{
    /// <summary>The most characters, as people count them (text elements).</summary>
    public const int MaxCharacters = 24;

    /// <summary>The most bytes, in UTF-8.</summary>
    public const int MaxBytes = 96;

    private const int MaxMarks = 3;
    private const int MaxGiven = 512;
    private const int Joiner = 0x200D, NonJoiner = 0x200C;

    private static readonly string[] BuiltIn = ["fuck", "asshole", "shithead", "nigger", "nigga", "faggot", "hitler", "siegheil", "hurensohn", "wichser", "kurwa", "pedophil"];
    private static readonly string[] Staff = ["admin", "administrator", "moderator", "staff", "official", "support", "fanhub"];

    private readonly string[] _blocked = [.. BuiltIn.Concat(options.Value.Blocked).Select(w => NameSkeleton.Of(w)).Distinct(StringComparer.Ordinal)];
    private readonly HashSet<string> _staff = (options.Value.Staff ?? Staff).Select(w => NameSkeleton.Of(w)).ToHashSet(StringComparer.Ordinal);

    /// <summary>What a fan is called who chose no name: "Fan" and the last four digits of the number. Several may be called the same.</summary>
    public static string Default(long fan) => string.Create(CultureInfo.InvariantCulture, $"Fan {fan % 10_000:0000}");

    /// <summary>Whether the text is Unicode at all: no halves of characters.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (++i == text.Length || !char.IsSurrogatePair(text[i - 1], text[i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The name as it is kept and shown: without spaces around it, normalised (NFKC).</summary>
    /// <exception cref="FanHubException"><c>invalid</c>, with what to change.</exception>
    public string Check(string given)
    {
        if (given.Length > MaxGiven || !IsWellFormed(given))
        {
            throw Refusal(given.Length > MaxGiven ? TooLong : "has characters that cannot be shown; leave them out");
        }

        var name = UnicodeForms.Compose(given.Trim()).Trim();
        if (Mistake(name) is { } mistake)
        {
            throw Refusal(mistake);
        }

        return name;
    }

    private static string TooLong => $"is too long; it has at most {MaxCharacters} characters, fewer if they are elaborate";

    private static FanHubException Refusal(string mistake) => FieldErrors.Single("name", mistake);

    private string? Mistake(string name) =>
        name.Length == 0 ? "is empty; send null to have none"
        : new StringInfo(name).LengthInTextElements > MaxCharacters || Encoding.UTF8.GetByteCount(name) > MaxBytes ? TooLong
        : Unshowable(name) ?? Unacceptable(name);

    private static string? Unshowable(string name)
    {
        var runes = name.EnumerateRunes().ToArray();
        var marks = 0;
        for (var i = 0; i < runes.Length; i++)
        {
            var category = Rune.GetUnicodeCategory(runes[i]);
            marks = IsMark(category) ? marks + 1 : 0;
            if (marks > MaxMarks)
            {
                return "has too many accents or marks on one letter; leave some out";
            }

            switch (category)
            {
                case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.Control when runes[i].Value is '\n' or '\r' or 0x85 or '\v' or '\f':
                    return "goes over several lines; write it in one";
                case UnicodeCategory.SpaceSeparator when runes[i].Value != ' ':
                case UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                case UnicodeCategory.Format when !IsJoining(runes, i):
                    return "has characters that cannot be shown; leave them out";
                case UnicodeCategory.SpaceSeparator when runes[i - 1].Value == ' ':
                    return "has several spaces in a row; write one";
                default:
                    if (IsInvisible(runes, i))
                    {
                        return "has characters that cannot be seen; leave them out";
                    }

                    break;
            }
        }

        return runes.Any(Rune.IsLetterOrDigit) || runes.Any(Rune.IsNumber) ? null : "has no letter or number; write at least one";
    }

    private static bool IsMark(UnicodeCategory category) => category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>
    /// Whether the joiner or non-joiner there does what it is for: between the parts of an emoji, after a virama, or between Persian letters. Anywhere else it is not seen, and makes two names look alike.
    /// </summary>
    private static bool IsJoining(Rune[] runes, int at)
    {
        if (runes[at].Value is not (Joiner or NonJoiner) || at == 0 || at == runes.Length - 1)
        {
            return false;
        }

        var (before, after) = (runes[at - 1], runes[at + 1]);
        return (runes[at].Value == Joiner && IsPictorial(before) && IsPictorial(after))
            || (UnicodeForms.CombiningClass(before) == UnicodeForms.Virama && Rune.IsLetter(after))
            || (runes[at].Value == NonJoiner && IsArabic(before) && IsArabic(after));
    }

    private static bool IsPictorial(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol || IsVariation(rune);

    private static bool IsArabic(Rune rune) => rune.Value is >= 0x620 and <= 0x6FF or >= 0x750 and <= 0x77F or >= 0x8A0 and <= 0x8FF;

    private static bool IsVariation(Rune rune) => rune.Value is 0xFE0E or 0xFE0F;

    /// <summary>Letters and marks that show as nothing. The choice between an emoji and its plain sign is one, except right after a sign.</summary>
    private static bool IsInvisible(Rune[] runes, int at) =>
        runes[at].Value is 0x34F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or (>= 0xFE00 and <= 0xFE0D) or (>= 0xE0100 and <= 0xE01EF)
        || (IsVariation(runes[at]) && (at == 0 || Rune.IsLetter(runes[at - 1]) || Rune.IsWhiteSpace(runes[at - 1]) || IsMark(Rune.GetUnicodeCategory(runes[at - 1]))));

    private string? Unacceptable(string name)
    {
        var (asSeen, letters) = (NameSkeleton.Of(name), NameSkeleton.Of(name, lettersOnly: true));
        if (_blocked.Any(word => asSeen.Contains(word, StringComparison.Ordinal) || letters.Contains(word, StringComparison.Ordinal)))
        {
            return "has a word in it, or something that reads like one, that is not allowed here; choose another name";
        }

        if (_staff.Contains(asSeen) || _staff.Contains(letters) || NameSkeleton.Words(name).Concat(NameSkeleton.Words(name, lettersOnly: true)).Any(_staff.Contains))
        {
            return "looks as if it belonged to the people who run this; choose another name";
        }

        return IsDefault(name) ? "looks like the name of somebody who chose none; choose another name" : null;
    }

    /// <summary>Whether it reads as "Fan" and a number.</summary>
    private static bool IsDefault(string name)
    {
        var runes = name.EnumerateRunes().ToArray();
        var end = Array.FindLastIndex(runes, Rune.IsLetter) + 1;
        return runes[end..].Any(Rune.IsNumber) && string.Equals(NameSkeleton.Of(string.Concat(runes[..end])), "fan", StringComparison.Ordinal);
    }
}
