using System.Buffers;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.WebSockets;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Realtime.Fanout;

/// <summary>A hub message made once, ready to be written to any number of connections.</summary>
public sealed class Frame
{
    private const byte RecordSeparator = 0x1e;

    private readonly byte[] _bytes;
    private readonly int _start;
    private SerializedHubMessage? _message;

    /// <param name="bytes">The message, behind room for a WebSocket's header.</param>
    /// <param name="deliveryClass">What may be done with it.</param>
    /// <param name="conflationKey">What it replaces.</param>
    private Frame(byte[] bytes, DeliveryClass deliveryClass, string? conflationKey)
    {
        _bytes = bytes;
        Length = bytes.Length - FrameFormat.MaxHeader;
        _start = FrameFormat.MaxHeader - FrameFormat.HeaderLength(Length);
        FrameFormat.WriteHeader(bytes.AsSpan(_start), FrameKind.Text, Length);
        Class = deliveryClass;
        ConflationKey = conflationKey;
    }

    /// <summary>Nothing but SignalR's sign of life.</summary>
    internal static Frame Ping { get; } = Of("{\"type\":6}\u001e"u8, DeliveryClass.Fleeting);

    /// <summary>The message as a WebSocket's frame: the same bytes for everybody, for a server does not mask.</summary>
    internal ReadOnlyMemory<byte> WebSocket => _bytes.AsMemory(_start);

    /// <summary>The message in SignalR's own wrapping.</summary>
    public SerializedHubMessage Message => _message ??= new([new SerializedMessage(LiveHubProtocol.ProtocolName, _bytes.AsMemory(FrameFormat.MaxHeader))]);

    /// <summary>Its size in bytes.</summary>
    public int Length { get; }

    /// <summary>What may be done with it where a connection cannot keep up.</summary>
    public DeliveryClass Class { get; }

    /// <summary>A newer frame with the same key makes this one pointless; null for what must be delivered.</summary>
    public string? ConflationKey { get; }

    /// <summary>A call of <c>updates</c> with updates that are encoded already.</summary>
    /// <param name="updates">Each an Update as JSON.</param>
    /// <param name="deliveryClass">The class of all of them.</param>
    /// <param name="conflationKey">For a single <c>latest</c> update, what it replaces.</param>
    public static Frame Updates(IReadOnlyList<ReadOnlyMemory<byte>> updates, DeliveryClass deliveryClass, string? conflationKey = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var prefix = "{\"type\":1,\"target\":\"updates\",\"arguments\":[["u8;
        var suffix = "]]}"u8;
        var length = prefix.Length + suffix.Length + 1 + Math.Max(0, updates.Count - 1);
        foreach (var update in updates)
        {
            length += update.Length;
        }

        var bytes = new byte[FrameFormat.MaxHeader + length];
        prefix.CopyTo(bytes.AsSpan(FrameFormat.MaxHeader));
        var at = FrameFormat.MaxHeader + prefix.Length;
        for (var i = 0; i < updates.Count; i++)
        {
            if (i > 0)
            {
                bytes[at++] = (byte)',';
            }

            updates[i].Span.CopyTo(bytes.AsSpan(at));
            at += updates[i].Length;
        }

        suffix.CopyTo(bytes.AsSpan(at));
        bytes[^1] = RecordSeparator;
        return new Frame(bytes, deliveryClass, conflationKey);
    }

    /// <summary>A call of <c>notice</c>.</summary>
    public static Frame Notice(Notice notice)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write("{\"type\":1,\"target\":\"notice\",\"arguments\":["u8);
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(notice, WireJson.Options));
        buffer.Write("]}"u8);
        buffer.Write([RecordSeparator]);
        return Of(buffer.WrittenSpan, DeliveryClass.Logged);
    }

    private static Frame Of(ReadOnlySpan<byte> message, DeliveryClass deliveryClass)
    {
        var bytes = new byte[FrameFormat.MaxHeader + message.Length];
        message.CopyTo(bytes.AsSpan(FrameFormat.MaxHeader));
        return new Frame(bytes, deliveryClass, conflationKey: null);
    }
}
