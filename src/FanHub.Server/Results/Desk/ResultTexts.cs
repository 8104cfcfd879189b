using FanHub.Contracts;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>What the documents of one item say, brought together: the one that leads says what is so, the others add their languages.</summary>
internal static class ResultTexts
{
    private const int MaxTitleLength = 300;
    private const int MaxNoteLength = 1000;

    /// <summary>The entries that are shown.</summary>
    public static IReadOnlyList<ResultEntry> Entries(DocumentGroup group) => group.Editors?.Result.Entries ?? (group.Leader?.Content as OdfTable)?.Entries ?? [];

    /// <summary>The title by language; empty where no document has one.</summary>
    public static IReadOnlyDictionary<string, string> Titles(DocumentGroup group)
    {
        if (group.Editors is { } editors)
        {
            return Bounded(editors.Result.Title, MaxTitleLength);
        }

        return ByLanguage(group, MaxTitleLength, static message => message.Content switch
        {
            OdfTable table => Joined(table.EventName, table.UnitName),
            OdfMedallists medallists => medallists.EventName,
            _ => null,
        });
    }

    /// <summary>The note by language; null where the document that leads has none.</summary>
    public static IReadOnlyDictionary<string, string>? Notes(DocumentGroup group)
    {
        if (group.Editors is { } editors)
        {
            return editors.Result.Note is { Count: > 0 } note ? Bounded(note, MaxNoteLength) : null;
        }

        // A note belongs to a version: one in another language that is behind may be about something else.
        return group.Leader is { } leader && !string.IsNullOrWhiteSpace(leader.Note)
            ? ByLanguage(group, MaxNoteLength, message => message.Header.Version == leader.Header.Version ? message.Note : null)
            : null;
    }

    /// <summary>An event's and a unit's name as one: the unit's often begins with the event's.</summary>
    public static string? Joined(string? @event, string? unit)
    {
        var (first, second) = (@event?.Trim() ?? "", unit?.Trim() ?? "");
        if (first.Length == 0 || second.Contains(first, StringComparison.OrdinalIgnoreCase))
        {
            return second.Length == 0 ? null : second;
        }

        return second.Length == 0 || EndsWithWord(first, second) ? first : $"{first}, {second}";
    }

    /// <summary>Texts of people and sources have any length.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    private static IReadOnlyDictionary<string, string> Bounded(IReadOnlyDictionary<string, string> texts, int length) =>
        texts.Values.All(t => t.Length <= length) ? texts : texts.ToDictionary(t => t.Key, t => Cut(t.Value, length), StringComparer.Ordinal);

    private static bool EndsWithWord(string text, string word) =>
        text.EndsWith(word, StringComparison.OrdinalIgnoreCase) && (text.Length == word.Length || !char.IsLetterOrDigit(text[^(word.Length + 1)]));

    private static Dictionary<string, string> ByLanguage(DocumentGroup group, int length, Func<OdfMessage, string?> text)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in group.Documents)
        {
            if (text(document) is { } found && !string.IsNullOrWhiteSpace(found))
            {
                texts.TryAdd(group.LanguageOf(document), Cut(found, length));
            }
        }

        return texts;
    }
}
