using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FanHub.Tests.Server.Model;

/// <summary>Where JSON is not what was expected. Moments are compared in Unix milliseconds, however they are written.</summary>
internal static class JsonDifferences
{
    /// <param name="expected">What is to be there. A member that is null has to be absent.</param>
    /// <param name="actual">What is there.</param>
    /// <param name="whole">Whether there may be nothing else.</param>
    /// <param name="path">Where it is, for the text.</param>
    public static IEnumerable<string> Between(JsonNode? expected, JsonNode? actual, bool whole, string path)
    {
        switch (expected, actual)
        {
            case (null, null):
                return [];
            case (JsonObject wanted, JsonObject there):
                var more = whole ? there.Select(m => m.Key).Except(wanted.Select(m => m.Key)).Select(name => $"{path}.{name} should not be there: {there[name]?.ToJsonString()}") : [];
                return more.Concat(wanted.SelectMany(m => Between(m.Value, there[m.Key], whole, $"{path}.{m.Key}")));
            case (JsonArray wanted, JsonArray there) when wanted.Count == there.Count:
                return wanted.Zip(there).SelectMany((pair, i) => Between(pair.First, pair.Second, whole, $"{path}[{i}]"));
            case (JsonValue wanted, JsonValue there) when Value(wanted) == Value(there):
                return [];
            case (JsonValue wanted, JsonValue there) when wanted.GetValueKind() == JsonValueKind.Number && there.GetValueKind() == JsonValueKind.String
                && DateTimeOffset.TryParse((string)there!, CultureInfo.InvariantCulture, out var moment) && moment.ToUnixTimeMilliseconds() == (long)wanted:
                return [];
            default:
                return [$"{path} should be {expected?.ToJsonString() ?? "absent"}, and is {actual?.ToJsonString() ?? "absent"}"];
        }
    }

    private static string Value(JsonValue value) => value.ToJsonString();
}
