using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FanHub.Contracts;

namespace FanHub.Realtime.Fanout;

/// <summary>A <see cref="FollowReply"/> whose JSON is made of updates that were encoded before. Releases the connection's updates once it is written.</summary>
[JsonConverter(typeof(Converter))]
public sealed class EncodedFollowReply
{
    private readonly byte[] _json;
    private FanConnection? _held;

    internal EncodedFollowReply(string channel, string epoch, long offset, bool recovered, IReadOnlyList<ReadOnlyMemory<byte>> updates, FanConnection? held)
    {
        _held = held;
        var buffer = new ArrayBufferWriter<byte>(128 + updates.Sum(u => u.Length + 1));
        // Channel and epoch are made of characters that JSON need not escape.
        buffer.Write(Encoding.UTF8.GetBytes($$"""{"channel":"{{channel}}","epoch":"{{epoch}}","offset":{{offset}},"recovered":{{(recovered ? "true" : "false")}},"updates":["""));
        for (var i = 0; i < updates.Count; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            buffer.Write(updates[i].Span);
        }

        buffer.Write("]}"u8);
        _json = buffer.WrittenSpan.ToArray();
    }

    /// <summary>To be called when the reply has been written, or never will be.</summary>
    public void Written() => Interlocked.Exchange(ref _held, null)?.Release();

    private sealed class Converter : JsonConverter<EncodedFollowReply>
    {
        public override EncodedFollowReply Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("The server only writes these.");

        public override void Write(Utf8JsonWriter writer, EncodedFollowReply value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value._json, skipInputValidation: true);
    }
}
