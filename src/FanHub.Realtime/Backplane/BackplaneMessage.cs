using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Realtime.Backplane;

/// <summary>What a message between nodes is about.</summary>
internal enum BackplaneKind : byte
{
    /// <summary>For every connection but <see cref="BackplaneMessage.Ids"/>.</summary>
    All = 1,

    /// <summary>For every connection of <see cref="BackplaneMessage.Group"/> but <see cref="BackplaneMessage.Ids"/>.</summary>
    Group = 2,

    /// <summary>For the connections <see cref="BackplaneMessage.Ids"/>.</summary>
    Connections = 3,

    /// <summary>For all connections of the users <see cref="BackplaneMessage.Ids"/>.</summary>
    Users = 4,

    /// <summary>The connection <see cref="BackplaneMessage.Ids"/> joins <see cref="BackplaneMessage.Group"/>; its node answers.</summary>
    Join = 5,

    /// <summary>The connection <see cref="BackplaneMessage.Ids"/> leaves <see cref="BackplaneMessage.Group"/>; its node answers.</summary>
    Leave = 6,

    /// <summary>The connection <see cref="BackplaneMessage.Ids"/> is asked for a result; its node answers, and sends the result when there is one.</summary>
    Invoke = 7,

    /// <summary>Nobody waits for the result of <see cref="BackplaneMessage.Request"/> any more.</summary>
    Cancel = 8,

    /// <summary>Is the result of the invocation <see cref="BackplaneMessage.Ids"/> still to come? The node answers.</summary>
    Probe = 9,

    /// <summary>The answer to <see cref="BackplaneMessage.Request"/>.</summary>
    Answer = 10,

    /// <summary>The client's completion of <see cref="BackplaneMessage.Request"/>; <see cref="BackplaneMessage.Ok"/> is false where the client has gone instead.</summary>
    Result = 11,

    /// <summary>A node wants to hear itself, to know that it listens; nobody else's business.</summary>
    Echo = 12,
}

/// <summary>One message between nodes. All kinds are written alike: format, kind, ok, then texts and byte strings, each after its length (32 bits, little-endian).</summary>
internal sealed record BackplaneMessage
{
    private const byte Format = 1;
    private const int MaxParts = 1_000_000;

    public required BackplaneKind Kind { get; init; }

    /// <summary>The node that sent it.</summary>
    public required string From { get; init; }

    /// <summary>What an answer or a result belongs to; unique over all nodes.</summary>
    public string Request { get; init; } = "";

    public string Group { get; init; } = "";

    public IReadOnlyList<string> Ids { get; init; } = [];

    public bool Ok { get; init; }

    /// <summary>The hub message, once per protocol.</summary>
    public IReadOnlyList<SerializedMessage> Payload { get; init; } = [];

    public byte[] ToBytes()
    {
        var size = 3 + Size(From) + Size(Request) + Size(Group) + 8 + Ids.Sum(Size) + Payload.Sum(p => Size(p.ProtocolName) + 4 + p.Serialized.Length);
        var buffer = new ArrayBufferWriter<byte>(size);
        buffer.Write([Format, (byte)Kind, Ok ? (byte)1 : (byte)0]);
        Write(buffer, From);
        Write(buffer, Request);
        Write(buffer, Group);
        Write(buffer, Ids.Count);
        foreach (var id in Ids)
        {
            Write(buffer, id);
        }

        Write(buffer, Payload.Count);
        foreach (var part in Payload)
        {
            Write(buffer, part.ProtocolName);
            Write(buffer, part.Serialized.Length);
            buffer.Write(part.Serialized.Span);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether a message is an echo, without reading all of it.</summary>
    public static bool IsEcho(byte[] bytes) => bytes.Length > 1 && bytes[1] == (byte)BackplaneKind.Echo;

    /// <summary>Whether a message comes from a node, without reading all of it.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="node">The node's name in UTF-8.</param>
    public static bool IsFrom(byte[] bytes, ReadOnlySpan<byte> node) =>
        bytes.Length >= 7 + node.Length && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(3)) == node.Length && bytes.AsSpan(7, node.Length).SequenceEqual(node);

    /// <summary>Reads one; its payload stays where it is in <paramref name="bytes"/>.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static BackplaneMessage Parse(byte[] bytes)
    {
        if (bytes.Length < 3 || bytes[0] != Format || !Enum.IsDefined((BackplaneKind)bytes[1]))
        {
            throw new FormatException("Not a message of this backplane.");
        }

        ReadOnlyMemory<byte> rest = bytes.AsMemory(3);
        var from = ReadText(ref rest);
        var request = ReadText(ref rest);
        var group = ReadText(ref rest);
        var ids = new string[ReadCount(ref rest)];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = ReadText(ref rest);
        }

        var payload = new SerializedMessage[ReadCount(ref rest)];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = new SerializedMessage(ReadText(ref rest), ReadBytes(ref rest));
        }

        return new BackplaneMessage { Kind = (BackplaneKind)bytes[1], Ok = bytes[2] == 1, From = from, Request = request, Group = group, Ids = ids, Payload = payload };
    }

    private static int Size(string text) => 4 + Encoding.UTF8.GetByteCount(text);

    private static void Write(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    private static void Write(ArrayBufferWriter<byte> buffer, string text)
    {
        Write(buffer, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    private static ReadOnlyMemory<byte> ReadBytes(ref ReadOnlyMemory<byte> rest)
    {
        var length = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        if (length < 0 || length > rest.Length - 4)
        {
            throw new FormatException("A message between nodes is cut off.");
        }

        var bytes = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return bytes;
    }

    private static string ReadText(ref ReadOnlyMemory<byte> rest) => Encoding.UTF8.GetString(ReadBytes(ref rest).Span);

    private static int ReadCount(ref ReadOnlyMemory<byte> rest)
    {
        var count = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        // Each part takes four bytes at least: a count that cannot be true must not be allocated for.
        if (count is < 0 or > MaxParts || count > (rest.Length - 4) / 4)
        {
            throw new FormatException("A message between nodes is cut off.");
        }

        rest = rest[4..];
        return count;
    }
}
