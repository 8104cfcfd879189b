using System.Buffers.Binary;
using System.Text;

namespace FanHub.LoadTests.Sockets;

/// <summary>What comes out of a <see cref="FrameReader"/>.</summary>
internal interface IFrameHandler
{
    /// <summary>A whole message; only valid during the call.</summary>
    void Message(ReadOnlySpan<byte> message, long arrivedAt);

    /// <summary>The other side wants to know whether this one is there.</summary>
    void Ping(ReadOnlySpan<byte> payload);

    /// <summary>The other side closes.</summary>
    void Closing(int code, string reason);
}

/// <summary>
/// Reads the server's side of a WebSocket out of bytes as they come: frames that came only in part, messages in fragments, pings between them. Whole frames are handed on
/// where they lie, without a copy; a connection that is between frames holds nothing.
/// </summary>
internal sealed class FrameReader(IFrameHandler handler)
{
    private const int MaxMessage = 16 * 1024 * 1024;
    private const int Continuation = 0;
    private const int Text = 1;
    private const int Binary = 2;
    private const int Close = 8;
    private const int PingCode = 9;
    private const int Pong = 10;

    private Piece _kept;
    private Piece _message;
    private bool _within;

    /// <summary>Frames that were only a part of a message.</summary>
    public int Fragments { get; private set; }

    /// <summary>Whether nothing has come of the next message yet.</summary>
    public bool IsBetweenMessages => _kept.Length == 0 && !_within;

    /// <summary>Takes bytes in.</summary>
    /// <exception cref="InvalidDataException">They are not what a server may send.</exception>
    public void Read(ReadOnlySpan<byte> bytes, long arrivedAt)
    {
        if (_kept.Length == 0)
        {
            _kept.Append(bytes[ReadFrames(bytes, arrivedAt)..]);
            return;
        }

        _kept.Append(bytes);
        _kept.RemoveFirst(ReadFrames(_kept.Bytes, arrivedAt));
    }

    private int ReadFrames(ReadOnlySpan<byte> bytes, long arrivedAt)
    {
        var taken = 0;
        while (ReadFrame(bytes[taken..], arrivedAt) is var length and > 0)
        {
            taken += length;
        }

        return taken;
    }

    /// <returns>The frame's length; 0 where it has not come whole.</returns>
    private int ReadFrame(ReadOnlySpan<byte> bytes, long arrivedAt)
    {
        if (bytes.Length < 2)
        {
            return 0;
        }

        var (head, second) = (bytes[0], bytes[1]);
        if ((head & 0x70) != 0 || (second & 0x80) != 0)
        {
            throw new InvalidDataException("The server sent a frame that is masked, or has reserved bits.");
        }

        var start = (second & 0x7f) switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < start)
        {
            return 0;
        }

        var length = start switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            10 => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            _ => (ulong)second,
        };
        if (length > MaxMessage)
        {
            throw new InvalidDataException($"The server sent a frame of {length} bytes.");
        }

        if ((ulong)(bytes.Length - start) < length)
        {
            return 0;
        }

        Take(head & 0x0f, isLast: (head & 0x80) != 0, bytes.Slice(start, (int)length), arrivedAt);
        return start + (int)length;
    }

    private void Take(int code, bool isLast, ReadOnlySpan<byte> payload, long arrivedAt)
    {
        switch (code)
        {
            case Text or Binary when !_within && isLast:
                handler.Message(payload, arrivedAt);
                break;
            case Text or Binary when !_within:
            case Continuation when _within:
                _within = true;
                Fragments++;
                _message.Append(payload);
                if (_message.Length > MaxMessage)
                {
                    throw new InvalidDataException($"The server sent a message of more than {MaxMessage} bytes.");
                }

                if (isLast)
                {
                    _within = false;
                    handler.Message(_message.Bytes, arrivedAt);
                    _message.RemoveFirst(_message.Length);
                }

                break;
            case PingCode when isLast:
                handler.Ping(payload);
                break;
            case Pong when isLast:
                break;
            case Close when isLast:
                handler.Closing(payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 0, payload.Length > 2 ? Encoding.UTF8.GetString(payload[2..]) : "");
                break;
            default:
                throw new InvalidDataException($"The server sent a frame with the code {code} where none may be.");
        }
    }
}
