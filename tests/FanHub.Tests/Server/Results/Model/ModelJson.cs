using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>Writes the model's items so that they can be compared.</summary>
internal static class ModelJson
{
    public static void AddUnlessNull(JsonObject data, string name, string? value)
    {
        if (value is not null)
            data[name] = value;
    }

    /// <summary>A text with languages.</summary>
    public static JsonNode Text(Dictionary<string, string> texts) => new JsonObject { ["$t"] = new JsonObject([.. texts.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))]) };

    /// <summary>For each language what was said in it first.</summary>
    public static Dictionary<string, string> FirstOfEach(IEnumerable<(string Tag, string? Text)> said)
    {
        var first = new Dictionary<string, string>();
        foreach (var (tag, text) in said)
        {
            if (text is not null)
                first.TryAdd(tag, text);
        }

        return first;
    }

    /// <summary>A time at the venue.</summary>
    public static string Moment(DateTime local) => Moment(new DateTimeOffset(local, World.Zone.GetUtcOffset(local)));

    public static string Moment(DateTimeOffset moment) => moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The place where it is a number, with a full stop or without.</summary>
    public static int? Place(Line line) => int.TryParse(line.Rank?.TrimEnd('.'), NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : null;

    /// <summary>A channel's name: in lower case, with what does not belong into one replaced, of a length that fits.</summary>
    public static string Channel(string kind, string code)
    {
        var name = new StringBuilder();
        foreach (var c in code.ToLowerInvariant().Take(60))
            name.Append(c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-' ? c : '_');
        return $"{kind}.{name}";
    }
}
