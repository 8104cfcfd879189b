using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FanHub.Realtime.WebSockets;

/// <summary>What <see cref="FrameParser.Next"/> came to.</summary>
internal enum FrameToken
{
    /// <summary>The rest has not arrived, or there is no room for it yet.</summary>
    NeedMore,

    /// <summary>A ping, whose payload is in <see cref="FrameParser.Control"/>.</summary>
    Ping,

    /// <summary>A pong; what it carries is of no interest.</summary>
    Pong,

    /// <summary>A close whose code is in <see cref="FrameParser.CloseStatus"/>.</summary>
    Close,

    /// <summary>The peer broke the protocol; the code to close with is in <see cref="FrameParser.CloseStatus"/>.</summary>
    Violation,
}

/// <summary>
/// Reads a client's frames (RFC 6455, section 5) out of a byte stream cut anywhere. Payload of text and binary messages goes to a buffer as it comes, unmasked, whether the frame is
/// whole or not: what reads it has a framing of its own. Knows no sockets.
/// </summary>
/// <param name="maxMessage">The most bytes that a message may have, its fragments together.</param>
internal struct FrameParser(int maxMessage)
{
    private byte[]? _control;
    private Utf8Stream _text;
    private uint _mask;
    private long _left;
    private int _messageLength;
    private int _controlLength;
    private FrameKind _kind;
    private bool _inFrame;
    private bool _final;
    private bool _inMessage;
    private bool _messageIsText;

    /// <summary>The payload of the control frame that was read last.</summary>
    public readonly ReadOnlySpan<byte> Control => _control.AsSpan(0, _controlLength);

    /// <summary>The close code: the peer's, or the one that it earned. 1005 where the peer sent none.</summary>
    public int CloseStatus { get; private set; }

    private readonly bool IsControl => _kind >= FrameKind.Close;

    /// <summary>Reads on to the next frame that wants an answer, or the end of what is there.</summary>
    /// <param name="input">Moved past what was read.</param>
    /// <param name="payload">Gets the payload of messages.</param>
    public FrameToken Next(ref ReadOnlySequence<byte> input, PayloadBuffer payload)
    {
        while (true)
        {
            if (!_inFrame && ReadHeader(ref input) is { } stop)
            {
                return stop;
            }

            if (IsControl)
            {
                if (!ReadControl(ref input))
                {
                    return FrameToken.NeedMore;
                }

                _inFrame = false;
                return Finish();
            }

            if (!ReadPayload(ref input, payload))
            {
                return Violate(CloseCode.InvalidText);
            }

            if (_left > 0)
            {
                return FrameToken.NeedMore;
            }

            _inFrame = false;
            if (_final)
            {
                _inMessage = false;
                _messageLength = 0;
                if (_messageIsText && !_text.IsComplete)
                {
                    return Violate(CloseCode.InvalidText);
                }
            }
        }
    }

    /// <returns>Null where a header was read.</returns>
    private FrameToken? ReadHeader(ref ReadOnlySequence<byte> input)
    {
        Span<byte> header = stackalloc byte[14];
        var available = (int)Math.Min(input.Length, header.Length);
        if (available < 2)
        {
            return FrameToken.NeedMore;
        }

        input.Slice(0, available).CopyTo(header);
        var kind = (FrameKind)(header[0] & 0x0F);
        var final = (header[0] & 0x80) != 0;
        var length = header[1] & 0x7F;
        // Bits for extensions that were not agreed on; and a client's frames are masked (section 5.1).
        if ((header[0] & 0x70) != 0 || (header[1] & 0x80) == 0 || !MayCome(kind, final, length))
        {
            return Violate(CloseCode.ProtocolError);
        }

        var extra = length == 127 ? 8 : length == 126 ? 2 : 0;
        if (available < 2 + extra + sizeof(uint))
        {
            return FrameToken.NeedMore;
        }

        ulong payload = extra switch
        {
            8 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]),
            2 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            _ => (ulong)length,
        };
        // In as few bytes as it takes, and the highest bit is not used.
        if ((extra == 2 && payload <= FrameFormat.MaxControlPayload) || (extra == 8 && payload is <= ushort.MaxValue or > long.MaxValue))
        {
            return Violate(CloseCode.ProtocolError);
        }

        _kind = kind;
        if (!IsControl)
        {
            if (payload > (ulong)(maxMessage - _messageLength))
            {
                return Violate(CloseCode.TooBig);
            }

            _messageLength += (int)payload;
            _final = final;
            if (kind != FrameKind.Continuation)
            {
                _inMessage = true;
                _messageIsText = kind == FrameKind.Text;
                _text = default;
            }
        }

        _mask = MemoryMarshal.Read<uint>(header[(2 + extra)..]);
        _left = (long)payload;
        _inFrame = true;
        _controlLength = IsControl ? 0 : _controlLength;
        input = input.Slice(2 + extra + sizeof(uint));
        return null;
    }

    private readonly bool MayCome(FrameKind kind, bool final, int length) => kind switch
    {
        FrameKind.Continuation => _inMessage,
        FrameKind.Text or FrameKind.Binary => !_inMessage,
        FrameKind.Close => final && length is not 1 and <= FrameFormat.MaxControlPayload,
        FrameKind.Ping or FrameKind.Pong => final && length <= FrameFormat.MaxControlPayload,
        _ => false,
    };

    private bool ReadControl(ref ReadOnlySequence<byte> input)
    {
        var take = (int)Math.Min(_left, input.Length);
        if (take > 0)
        {
            _control ??= new byte[FrameFormat.MaxControlPayload];
            var into = _control.AsSpan(_controlLength, take);
            input.Slice(0, take).CopyTo(into);
            Unmask(into);
            _controlLength += take;
            _left -= take;
            input = input.Slice(take);
        }

        return _left == 0;
    }

    private FrameToken Finish()
    {
        switch (_kind)
        {
            case FrameKind.Ping:
                return FrameToken.Ping;
            case FrameKind.Pong:
                return FrameToken.Pong;
            default:
                if (_controlLength == 0)
                {
                    CloseStatus = 1005;
                    return FrameToken.Close;
                }

                var code = BinaryPrimitives.ReadUInt16BigEndian(Control);
                var reason = default(Utf8Stream);
                if (!CloseCode.MayBeSent(code))
                {
                    return Violate(CloseCode.ProtocolError);
                }

                if (!reason.Add(Control[2..]) || !reason.IsComplete)
                {
                    return Violate(CloseCode.InvalidText);
                }

                CloseStatus = code;
                return FrameToken.Close;
        }
    }

    /// <returns>False where text is not text.</returns>
    private bool ReadPayload(ref ReadOnlySequence<byte> input, PayloadBuffer payload)
    {
        var take = (int)Math.Min(Math.Min(_left, input.Length), payload.Room);
        if (take == 0)
        {
            return true;
        }

        var into = payload.Take(take);
        input.Slice(0, take).CopyTo(into);
        input = input.Slice(take);
        Unmask(into);
        _left -= take;
        return !_messageIsText || _text.Add(into);
    }

    /// <summary>Takes the mask off (section 5.3), and turns it so that it fits what comes next.</summary>
    private void Unmask(Span<byte> bytes)
    {
        var mask = _mask;
        if (mask != 0)
        {
            var whole = bytes.Length & ~7;
            var wide = mask | ((ulong)mask << 32);
            var words = MemoryMarshal.Cast<byte, ulong>(bytes[..whole]);
            for (var i = 0; i < words.Length; i++)
            {
                words[i] ^= wide;
            }

            Span<byte> turned = stackalloc byte[sizeof(uint)];
            MemoryMarshal.Write(turned, mask);
            for (var i = whole; i < bytes.Length; i++)
            {
                bytes[i] ^= turned[i & 3];
            }

            var turn = bytes.Length & 3;
            if (turn != 0)
            {
                Span<byte> next = [turned[turn], turned[(turn + 1) & 3], turned[(turn + 2) & 3], turned[(turn + 3) & 3]];
                _mask = MemoryMarshal.Read<uint>(next);
            }
        }
    }

    private FrameToken Violate(int code)
    {
        CloseStatus = code;
        return FrameToken.Violation;
    }
}
