using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Realtime.Fanout;

/// <summary>A log entry with what followers are sent of it: made once per language that its texts have, when the first follower needs it.</summary>
public sealed class EncodedEntry
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string _channel;
    private readonly IReadOnlyList<string> _languages;
    // A chain, not a dictionary: there are few languages, and many entries that are held for those who come back.
    private Encoding? _encodings;
    private object? _reading;

    /// <summary>Wraps an entry of a channel.</summary>
    public EncodedEntry(string channel, LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _channel = channel;
        Entry = entry;
        _languages = LocalizedJson.Languages(entry.Item.Data.Span);
    }

    /// <summary>The entry.</summary>
    public LogEntry Entry { get; }

    /// <summary>The update as JSON in the language that suits a follower who asked for <paramref name="locale"/>.</summary>
    public ReadOnlyMemory<byte> Update(string? locale) => Frame(locale).UpdateJson;

    /// <summary>A frame with this update alone.</summary>
    public Frame Frame(string? locale)
    {
        var language = _languages.Count == 0 ? null : LocalizedJson.Choose(_languages, locale, Entry.Item.DefaultLocale);
        var first = Volatile.Read(ref _encodings);
        for (var encoding = first; encoding is not null; encoding = encoding.Next)
        {
            if (string.Equals(encoding.Language, language, StringComparison.Ordinal))
            {
                return encoding.Frame;
            }
        }

        var frame = Encode(language);
        while (Interlocked.CompareExchange(ref _encodings, new Encoding(language, frame, first), first) is var now && now != first)
        {
            // Somebody else was faster; should it have been for the same language, there are two that say the same.
            first = now;
        }

        return frame;
    }

    /// <summary>What a feature reads out of the item, read once.</summary>
    /// <typeparam name="T">Always the same for items of a kind.</typeparam>
    public T Read<T>(Func<LogEntry, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        return (T)(_reading ??= read(Entry));
    }

    private Frame Encode(string? language)
    {
        var item = Entry.Item;
        var buffer = new ArrayBufferWriter<byte>(256 + item.Data.Length);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("channel"u8, _channel);
            writer.WriteString("epoch"u8, Entry.Epoch);
            writer.WriteNumber("offset"u8, Entry.Offset);
            writer.WriteString("class"u8, LogEntryJson.Name(item.Class));
            writer.WriteString("key"u8, item.Key);
            writer.WriteString("kind"u8, item.Kind);
            writer.WriteNumber("version"u8, item.Version);
            writer.WriteString("at"u8, item.At.UtcDateTime);
            writer.WritePropertyName("data"u8);
            if (item.Removes)
            {
                writer.WriteNullValue();
            }
            else
            {
                var data = new ArrayBufferWriter<byte>(item.Data.Length);
                LocalizedJson.Project(item.Data, language, item.DefaultLocale, data);
                writer.WriteRawValue(data.WrittenSpan, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return Fanout.Frame.Update(buffer.WrittenSpan, item.Class, item.Class == DeliveryClass.Latest ? $"{_channel}\n{item.Key}" : null);
    }

    private sealed record Encoding(string? Language, Frame Frame, Encoding? Next);
}
