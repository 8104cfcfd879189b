using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>
/// Brings items into one form, leaving out what depends on what was published before (<c>changes</c>, <c>corrected</c>, the table's note) and what the rules leave open.
/// </summary>
internal static partial class Canonical
{
    private static readonly HashSet<string> LeftOut = ["changes", "corrected", "lang"];
    private static readonly HashSet<string> Times = ["at", "start", "end"];

    /// <summary>Where two boards differ; empty where they do not.</summary>
    public static List<string> Differences(IReadOnlyDictionary<string, Shown> expected, IReadOnlyDictionary<string, Shown> actual)
    {
        List<string> differences = [];
        foreach (var key in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var (model, seen) = (Form(key, expected), Form(key, actual));
            if (model != seen)
                differences.Add($"{key}\n  model: {model ?? "nothing"}\n  seen:  {seen ?? "nothing"}");
        }

        return differences;
    }

    private static string? Form(string key, IReadOnlyDictionary<string, Shown> items)
    {
        if (!items.TryGetValue(key, out var shown))
            return null;
        var data = shown.Data.DeepClone().AsObject();
        if (key == "medals:table")
        {
            data.Remove("note");
            // That there once were medals is no matter of what is held now.
            if (data["organisations"]!.AsArray().Count == 0)
                return null;
        }

        if (data["units"] is JsonArray units)
        {
            var starts = units.Select(u => u!["start"]).OfType<JsonNode>().Select(s => DateTimeOffset.Parse((string)s!, CultureInfo.InvariantCulture)).ToList();
            if (!starts.SequenceEqual(starts.Order()))
                data["not by beginning"] = units.ToJsonString();
            data["units"] = new JsonArray([.. units.OrderBy(u => (string)u!["unit"]!, StringComparer.Ordinal).Select(u => u!.DeepClone())]);
        }

        return $"{Form(data)!.ToJsonString()} on {string.Join(' ', shown.Channels)}";
    }

    private static JsonNode? Form(JsonNode? node, string? name = null) => node switch
    {
        JsonObject texts when texts.ContainsKey("$t") => Texts(texts["$t"]!.AsObject(), name),
        JsonObject data => new JsonObject([.. data.Where(p => !LeftOut.Contains(p.Key) && p.Value is not null && p.Value.ToJsonString() != "false").OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Form(p.Value, p.Key)))]),
        JsonArray array => new JsonArray([.. array.Select(n => Form(n))]),
        // A competitor's start is a lane.
        JsonValue time when name is not null && Times.Contains(name) && ((string)time!).Contains('T', StringComparison.Ordinal) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture).ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        _ => node?.DeepClone(),
    };

    // How the names of an event and of its unit are put together is open; so is whether a competitor's name that is the same everywhere says so for each language.
    private static JsonNode Texts(JsonObject texts, string? name)
    {
        var all = texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Key, name == "title" ? Words().Replace((string)t.Value!, " ").Trim() : (string)t.Value!)).ToList();
        return name == "name" && (all.Count == 1 || all.All(t => t.Value == all[0].Value))
            ? all[0].Value
            : new JsonObject { ["$t"] = new JsonObject([.. all.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))]) };
    }

    [GeneratedRegex(@"[^\p{L}\p{N}]+", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
