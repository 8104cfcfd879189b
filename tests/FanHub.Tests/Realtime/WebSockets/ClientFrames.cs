using System.Buffers.Binary;
using FanHub.Realtime.WebSockets;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>Frames as clients write them, right and wrong. Written from RFC 6455, section 5.2, and not from what the server does.</summary>
internal static class ClientFrames
{
    /// <summary>A frame, masked by a key that is not nothing.</summary>
    public static byte[] Of(FrameKind kind, ReadOnlySpan<byte> payload, bool final = true, byte reserved = 0, bool masked = true, int? lengthBytes = null, uint mask = 0x37FA213D)
    {
        var frame = new List<byte> { (byte)((final ? 0x80 : 0) | reserved | (int)kind) };
        var bit = masked ? 0x80 : 0;
        switch (lengthBytes ?? (payload.Length <= 125 ? 0 : payload.Length <= 65535 ? 2 : 8))
        {
            case 0:
                frame.Add((byte)(bit | payload.Length));
                break;
            case 2:
                frame.Add((byte)(bit | 126));
                frame.AddRange(new byte[2]);
                BinaryPrimitives.WriteUInt16BigEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(frame)[^2..], (ushort)payload.Length);
                break;
            default:
                frame.Add((byte)(bit | 127));
                frame.AddRange(new byte[8]);
                BinaryPrimitives.WriteUInt64BigEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(frame)[^8..], (ulong)payload.Length);
                break;
        }

        Span<byte> key = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(key, masked ? mask : 0);
        if (masked)
        {
            frame.AddRange(key);
        }

        for (var i = 0; i < payload.Length; i++)
        {
            frame.Add((byte)(payload[i] ^ key[i % 4]));
        }

        return [.. frame];
    }

    /// <summary>A close frame.</summary>
    public static byte[] Close(int code, string reason = "") => Of(FrameKind.Close, [(byte)(code >> 8), (byte)code, .. System.Text.Encoding.UTF8.GetBytes(reason)]);
}
