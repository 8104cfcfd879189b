using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace FanHub.Realtime.WebSockets;

/// <summary>Checks that bytes which arrive in pieces are UTF-8, whatever the pieces: what is wrong shows at the first byte that makes it so.</summary>
internal struct Utf8Stream
{
    private const int MaxSequence = 4;

    private uint _carried;
    private int _carriedCount;

    /// <summary>Whether all characters so far are whole.</summary>
    public readonly bool IsComplete => _carriedCount == 0;

    /// <summary>Looks at the next piece.</summary>
    /// <returns>False where the bytes so far cannot become UTF-8.</returns>
    public bool Add(ReadOnlySpan<byte> piece)
    {
        Span<byte> character = stackalloc byte[MaxSequence];
        while (_carriedCount > 0 && piece.Length > 0)
        {
            for (var i = 0; i < _carriedCount; i++)
            {
                character[i] = (byte)(_carried >> (8 * i));
            }

            character[_carriedCount] = piece[0];
            piece = piece[1..];
            switch (Rune.DecodeFromUtf8(character[..(_carriedCount + 1)], out _, out _))
            {
                case OperationStatus.Done:
                    _carriedCount = 0;
                    break;
                case OperationStatus.NeedMoreData:
                    Carry(character[..(_carriedCount + 1)]);
                    break;
                default:
                    return false;
            }
        }

        var tail = IncompleteTail(piece);
        if (!Utf8.IsValid(piece[..^tail]))
        {
            return false;
        }

        if (tail > 0)
        {
            Carry(piece[^tail..]);
            // Not every beginning has an end: ED A0 begins a surrogate, F5 nothing at all.
            return Rune.DecodeFromUtf8(piece[^tail..], out _, out _) == OperationStatus.NeedMoreData;
        }

        return true;
    }

    /// <summary>How many bytes at the end begin a character that the next piece may end.</summary>
    private static int IncompleteTail(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back < MaxSequence && back <= piece.Length; back++)
        {
            var b = piece[^back];
            if (b < 0x80)
            {
                return 0;
            }

            if (b >= 0xC0)
            {
                var needed = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return needed > back ? back : 0;
            }
        }

        return 0;
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        _carried = 0;
        _carriedCount = bytes.Length;
        for (var i = 0; i < bytes.Length; i++)
        {
            _carried |= (uint)bytes[i] << (8 * i);
        }
    }
}
