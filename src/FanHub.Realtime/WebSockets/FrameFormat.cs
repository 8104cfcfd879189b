using System.Buffers.Binary;

namespace FanHub.Realtime.WebSockets;

/// <summary>What a WebSocket frame looks like on the wire (RFC 6455, section 5.2), as far as a server writes it: whole messages, unmasked.</summary>
internal static class FrameFormat
{
    /// <summary>The most bytes that come before a server's payload.</summary>
    public const int MaxHeader = 10;

    /// <summary>The most bytes that a control frame may carry (section 5.5).</summary>
    public const int MaxControlPayload = 125;

    private const int LargestInTwoBytes = 65_535;

    /// <summary>How many bytes come before a payload of that length.</summary>
    public static int HeaderLength(int payload) => payload <= MaxControlPayload ? 2 : payload <= LargestInTwoBytes ? 4 : MaxHeader;

    /// <summary>Writes what comes before a payload.</summary>
    /// <param name="destination">Has room for <see cref="HeaderLength"/>.</param>
    /// <param name="kind">What the frame is.</param>
    /// <param name="payload">Its length in bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteHeader(Span<byte> destination, FrameKind kind, int payload)
    {
        destination[0] = (byte)(0x80 | (int)kind);
        switch (HeaderLength(payload))
        {
            case 2:
                destination[1] = (byte)payload;
                return 2;
            case 4:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payload);
                return 4;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(destination[2..], (ulong)payload);
                return MaxHeader;
        }
    }

    /// <summary>A whole frame.</summary>
    public static byte[] Make(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        var header = HeaderLength(payload.Length);
        var frame = new byte[header + payload.Length];
        WriteHeader(frame, kind, payload.Length);
        payload.CopyTo(frame.AsSpan(header));
        return frame;
    }

    /// <summary>A close frame without a reason in words.</summary>
    public static byte[] MakeClose(int code)
    {
        Span<byte> payload = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        return Make(FrameKind.Close, payload);
    }
}

/// <summary>The opcodes of RFC 6455, section 5.2.</summary>
internal enum FrameKind
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// <summary>The close codes of RFC 6455, section 7.4.1, that a server has a use for.</summary>
internal static class CloseCode
{
    /// <summary>All is well.</summary>
    public const int Normal = 1000;

    /// <summary>The server stops.</summary>
    public const int GoingAway = 1001;

    /// <summary>The other side broke the protocol.</summary>
    public const int ProtocolError = 1002;

    /// <summary>Text that is not UTF-8.</summary>
    public const int InvalidText = 1007;

    /// <summary>A message larger than is taken.</summary>
    public const int TooBig = 1009;

    /// <summary>Whether a peer may send the code: the ones that are assigned for the wire, and those for libraries and applications.</summary>
    public static bool MayBeSent(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
