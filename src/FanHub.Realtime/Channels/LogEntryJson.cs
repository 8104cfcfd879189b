using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Realtime.Channels;

/// <summary>
/// A log entry as text, the same in the stream, in the map of items and in notifications:
/// <c>{"epoch":"…","offset":7,"revision":9,"key":"poll:…","kind":"poll","class":"logged","version":3,"at":"…","data":{…}}</c>.
/// The script that appends puts the first three before what the publisher wrote.
/// </summary>
internal static class LogEntryJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Everything from <c>"key"</c> on, without the opening brace.</summary>
    public static byte[] Body(Item item)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + item.Data.Length);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("key"u8, item.Key);
            writer.WriteString("kind"u8, item.Kind);
            writer.WriteString("class"u8, Name(item.Class));
            writer.WriteNumber("version"u8, item.Version);
            writer.WriteString("at"u8, item.At.UtcDateTime);
            if (item.DefaultLocale is not null)
            {
                writer.WriteString("locale"u8, item.DefaultLocale);
            }

            if (item.Gate is not null)
            {
                writer.WriteString("gate"u8, item.Gate);
            }

            if (!item.Removes)
            {
                writer.WritePropertyName("data"u8);
                writer.WriteRawValue(item.Data.Span);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan[1..].ToArray();
    }

    /// <summary>Reads a whole entry.</summary>
    /// <exception cref="FormatException">The text is not an entry.</exception>
    public static LogEntry Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var item = new Item
            {
                Key = root.GetProperty("key"u8).GetString()!,
                Kind = root.GetProperty("kind"u8).GetString()!,
                Class = Class(root.GetProperty("class"u8)),
                Version = root.GetProperty("version"u8).GetInt64(),
                At = root.GetProperty("at"u8).GetDateTimeOffset(),
                DefaultLocale = root.TryGetProperty("locale"u8, out var locale) ? locale.GetString() : null,
                Gate = root.TryGetProperty("gate"u8, out var gate) ? gate.GetString() : null,
                Data = root.TryGetProperty("data"u8, out var data) ? JsonMarshal.GetRawUtf8Value(data).ToArray() : default,
            };
            return new LogEntry(root.GetProperty("epoch"u8).GetString()!, root.GetProperty("offset"u8).GetInt64(), root.GetProperty("revision"u8).GetInt64(), item);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"Not a log entry: {Encoding.UTF8.GetString(json.Span[..Math.Min(json.Length, 200)])}", e);
        }
    }

    /// <summary>The class as it is written on the wire.</summary>
    public static string Name(DeliveryClass deliveryClass) => deliveryClass switch
    {
        DeliveryClass.Logged => "logged",
        DeliveryClass.Latest => "latest",
        _ => "fleeting",
    };

    private static DeliveryClass Class(JsonElement element) =>
        element.ValueEquals("logged"u8) ? DeliveryClass.Logged
        : element.ValueEquals("latest"u8) ? DeliveryClass.Latest
        : element.ValueEquals("fleeting"u8) ? DeliveryClass.Fleeting
        : throw new FormatException($"Unknown delivery class {element}.");
}
