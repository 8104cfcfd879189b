using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Realtime.Fanout;

/// <summary>A <see cref="FollowReply"/> whose JSON was made before, for all who ask the same. Releases the connection's updates once it is written.</summary>
[JsonConverter(typeof(Converter))]
public sealed class EncodedFollowReply
{
    private readonly byte[] _json;
    private FanConnection? _held;

    /// <summary>Answers one call.</summary>
    /// <param name="json">What <see cref="Encode"/> made.</param>
    /// <param name="held">The connection whose updates wait for this; null where they do not.</param>
    internal EncodedFollowReply(byte[] json, FanConnection? held)
    {
        _json = json;
        _held = held;
    }

    /// <summary>The reply as JSON.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="head">Where the channel stands.</param>
    /// <param name="recovered">Whether the updates are all that was missed, or else all items.</param>
    /// <param name="updates">Each an Update as JSON.</param>
    internal static byte[] Encode(string channel, ChannelHead head, bool recovered, IReadOnlyList<ReadOnlyMemory<byte>> updates)
    {
        var buffer = new ArrayBufferWriter<byte>(128 + updates.Sum(u => u.Length + 1));
        // Channel and epoch are made of characters that JSON need not escape.
        buffer.Write(Encoding.UTF8.GetBytes($$"""{"channel":"{{channel}}","epoch":"{{head.Epoch}}","offset":{{head.Offset}},"recovered":{{(recovered ? "true" : "false")}},"updates":["""));
        for (var i = 0; i < updates.Count; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            buffer.Write(updates[i].Span);
        }

        buffer.Write("]}"u8);
        return buffer.WrittenSpan.ToArray();
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
