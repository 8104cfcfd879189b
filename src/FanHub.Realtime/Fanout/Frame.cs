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
    private static readonly byte[] UpdatePrefix = "{\"type\":1,\"target\":\"updates\",\"arguments\":[["u8.ToArray();
    private static readonly byte[] UpdateSuffix = [.. "]]}"u8, RecordSeparator];

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

    /// <summary>Of a call of <c>updates</c>, the update as JSON.</summary>
    internal ReadOnlyMemory<byte> UpdateJson => _bytes.AsMemory((FrameFormat.MaxHeader + UpdatePrefix.Length)..^UpdateSuffix.Length);

    /// <summary>Its size in bytes.</summary>
    public int Length { get; }

    /// <summary>What may be done with it where a connection cannot keep up.</summary>
    public DeliveryClass Class { get; }

    /// <summary>A newer frame with the same key makes this one pointless; null for what must be delivered.</summary>
    public string? ConflationKey { get; }

    /// <summary>A call of <c>updates</c> with one update.</summary>
    /// <param name="update">An Update as JSON.</param>
    /// <param name="deliveryClass">Its class.</param>
    /// <param name="conflationKey">For a <c>latest</c> update, what it replaces.</param>
    public static Frame Update(ReadOnlySpan<byte> update, DeliveryClass deliveryClass, string? conflationKey = null)
    {
        var bytes = new byte[FrameFormat.MaxHeader + UpdatePrefix.Length + update.Length + UpdateSuffix.Length];
        UpdatePrefix.CopyTo(bytes.AsSpan(FrameFormat.MaxHeader));
        update.CopyTo(bytes.AsSpan(FrameFormat.MaxHeader + UpdatePrefix.Length));
        UpdateSuffix.CopyTo(bytes.AsSpan(bytes.Length - UpdateSuffix.Length));
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
