using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Server.Results.Desk;

/// <summary>Tells what differs between what was published and what is to be published in its place.</summary>
internal static class ChangeNotes
{
    private static readonly string[] Notes = ["changes", "corrected"];

    /// <summary>What follows from the source's having sent another version, and says nothing by itself.</summary>
    private static readonly string[] Marks = ["at", "version"];

    /// <summary>Compares two states of an item.</summary>
    /// <param name="now">What is to be published, without any note of changes.</param>
    /// <param name="previous">What was published.</param>
    /// <param name="lines">The name of the member that holds the lines.</param>
    public static Difference Compare(byte[] now, string previous, string lines)
    {
        using var after = JsonDocument.Parse(now);
        using var before = JsonDocument.Parse(previous);
        var (current, old) = (after.RootElement, before.RootElement);
        var differing = Members(old).Union(Members(current), StringComparer.Ordinal)
            .Where(name => !Notes.Contains(name, StringComparer.Ordinal) && !Same(old, current, name))
            .ToList();
        var fields = differing.Where(name => !Marks.Contains(name, StringComparer.Ordinal) && !string.Equals(name, lines, StringComparison.Ordinal)).ToList();
        var linesDiffer = differing.Contains(lines, StringComparer.Ordinal);
        var wasOfficial = IsOfficial(old);
        var wasCorrected = old.TryGetProperty("corrected", out var corrected) && corrected.ValueKind == JsonValueKind.True;
        return new()
        {
            None = differing.Count == 0,
            Fields = fields,
            Lines = linesDiffer ? NewLines(old, current, lines) : [],
            // A further language or a late name is the same version: nobody has corrected anything.
            Corrected = (wasOfficial && differing.Contains("version", StringComparer.Ordinal) && (linesDiffer || fields.Exists(static f => f != "note"))) || (wasCorrected && IsOfficial(current)),
        };
    }

    private static bool IsOfficial(JsonElement item) => item.TryGetProperty("status", out var status) && status.ValueEquals(DocumentGroup.Official);

    private static IEnumerable<string> Members(JsonElement item) => item.EnumerateObject().Select(static m => m.Name);

    private static bool Same(JsonElement a, JsonElement b, string member) =>
        (a.TryGetProperty(member, out var first), b.TryGetProperty(member, out var second)) switch
        {
            (true, true) => JsonElement.DeepEquals(first, second),
            (false, false) => true,
            _ => false,
        };

    private static List<string> NewLines(JsonElement old, JsonElement @new, string lines)
    {
        var known = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var line in Lines(old, lines))
        {
            known[IdOf(line)] = line;
        }

        return [.. Lines(@new, lines).Where(line => !known.TryGetValue(IdOf(line), out var was) || !JsonElement.DeepEquals(was, line)).Select(IdOf).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<JsonElement> Lines(JsonElement item, string lines) =>
        item.TryGetProperty(lines, out var found) && found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : [];

    private static string IdOf(JsonElement line) => line.GetProperty("competitor").GetProperty("id").GetString() ?? "";

    /// <summary>What differs.</summary>
    internal sealed record Difference
    {
        /// <summary>Nothing does, notes of changes apart.</summary>
        public required bool None { get; init; }

        /// <summary>Members that differ, lines, time and version apart.</summary>
        public required IReadOnlyList<string> Fields { get; init; }

        /// <summary>Competitors whose line is new or differs.</summary>
        public required IReadOnlyList<string> Lines { get; init; }

        /// <summary>Something official was changed afterwards.</summary>
        public required bool Corrected { get; init; }

        /// <summary>As an item tells it; null where nothing differs that can be seen.</summary>
        public ResultChanges? Changes => Fields.Count + Lines.Count == 0 ? null : new() { Fields = Fields, Entries = FitIntoItem.Room(Lines) };
    }
}
