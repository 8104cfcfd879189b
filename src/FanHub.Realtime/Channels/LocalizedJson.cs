using System.Buffers;
using System.Text.Json;

namespace FanHub.Realtime.Channels;

/// <summary>
/// Items carry all their languages; a follower is sent one. A text with languages is an object with the single member <c>$t</c>, a map from BCP 47 tag to text.
/// </summary>
public static class LocalizedJson
{
    /// <summary>The member that marks a text with languages.</summary>
    public const string Marker = "$t";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>All languages that some text in the data has, in order of appearance.</summary>
    public static IReadOnlyList<string> Languages(ReadOnlySpan<byte> data)
    {
        if (data.IndexOf("\"$t\""u8) < 0)
        {
            return [];
        }

        var languages = new List<string>();
        var reader = new Utf8JsonReader(data);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("$t"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var tag = reader.GetString()!;
                    if (!languages.Contains(tag, StringComparer.OrdinalIgnoreCase))
                    {
                        languages.Add(tag);
                    }

                    reader.Read();
                }
            }
        }

        return languages;
    }

    /// <summary>The first of: the asked tag, its parents (<c>zh-Hant-TW</c>, <c>zh-Hant</c>, <c>zh</c>), the default, whatever comes first.</summary>
    /// <returns>The tag as it is written in <paramref name="available"/>; null where that is empty.</returns>
    public static string? Choose(IReadOnlyList<string> available, string? asked, string? defaultLocale)
    {
        ArgumentNullException.ThrowIfNull(available);
        return Find(available, asked) ?? Find(available, defaultLocale) ?? (available.Count > 0 ? available[0] : null);
    }

    /// <summary>Puts one language in the place of every text that has several, and says which, as <c>lang</c>, in the object itself and where a text had to fall back to another.</summary>
    /// <param name="data">The item's data.</param>
    /// <param name="locale">The language chosen for the item by <see cref="Choose"/>; null leaves the data as it is.</param>
    /// <param name="defaultLocale">What a text falls back to that lacks it.</param>
    /// <param name="output">Receives the JSON.</param>
    public static void Project(ReadOnlyMemory<byte> data, string? locale, string? defaultLocale, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (locale is null)
        {
            output.Write(data.Span);
            return;
        }

        using var document = JsonDocument.Parse(data);
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        Write(document.RootElement, locale, inherited: null, defaultLocale, writer);
    }

    private static void Write(JsonElement element, string locale, string? inherited, string? defaultLocale, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                // The language of the object's own texts; for the item itself the chosen one, where it has none.
                var own = OwnLanguage(element, locale, defaultLocale) ?? inherited ?? locale;
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    if (Texts(member.Value) is { } texts)
                    {
                        WriteText(texts, locale, defaultLocale, writer);
                    }
                    else
                    {
                        Write(member.Value, locale, own, defaultLocale, writer);
                    }
                }

                if (inherited is null || !string.Equals(own, inherited, StringComparison.Ordinal))
                {
                    writer.WriteString("lang"u8, own);
                }

                writer.WriteEndObject();
                break;

            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var entry in element.EnumerateArray())
                {
                    Write(entry, locale, inherited ?? locale, defaultLocale, writer);
                }

                writer.WriteEndArray();
                break;

            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static JsonElement? Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Marker, out var texts) && texts.ValueKind == JsonValueKind.Object ? texts : null;

    private static string? OwnLanguage(JsonElement element, string locale, string? defaultLocale)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (Texts(member.Value) is { } texts)
            {
                return ChooseFrom(texts, locale, defaultLocale);
            }
        }

        return null;
    }

    private static string? ChooseFrom(JsonElement texts, string locale, string? defaultLocale) => Choose([.. texts.EnumerateObject().Select(t => t.Name)], locale, defaultLocale);

    private static void WriteText(JsonElement texts, string locale, string? defaultLocale, Utf8JsonWriter writer)
    {
        if (ChooseFrom(texts, locale, defaultLocale) is { } chosen)
        {
            texts.GetProperty(chosen).WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static string? Find(IReadOnlyList<string> available, string? asked)
    {
        for (var tag = asked; !string.IsNullOrEmpty(tag); tag = Parent(tag))
        {
            foreach (var candidate in available)
            {
                if (string.Equals(candidate, tag, StringComparison.OrdinalIgnoreCase))
                {
                    return candidate;
                }
            }
        }

        return null;
    }

    private static string? Parent(string tag)
    {
        var cut = tag.LastIndexOf('-');
        return cut < 0 ? null : tag[..cut];
    }
}
