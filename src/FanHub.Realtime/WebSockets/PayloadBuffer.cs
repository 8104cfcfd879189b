using System.Buffers;

namespace FanHub.Realtime.WebSockets;

/// <summary>Bytes of messages that have arrived and not been read yet. Holds memory only while there are any.</summary>
/// <param name="max">The most it holds.</param>
internal sealed class PayloadBuffer(int max)
{
    private const int Smallest = 512;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>How many bytes it holds.</summary>
    public int Length => _end - _start;

    /// <summary>How many more it takes.</summary>
    public int Room => max - Length;

    /// <summary>What it holds; good until the next call of <see cref="Take"/> or <see cref="Drop"/>.</summary>
    public ReadOnlySequence<byte> Bytes => new(_bytes, _start, Length);

    /// <summary>A place for more, to be filled at once.</summary>
    /// <param name="count">Not more than <see cref="Room"/>.</param>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - _end < count)
        {
            var length = Length;
            if (_bytes.Length >= length + count)
            {
                _bytes.AsSpan(_start, length).CopyTo(_bytes);
            }
            else
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, length + count));
                _bytes.AsSpan(_start, length).CopyTo(larger);
                Return();
                _bytes = larger;
            }

            _start = 0;
            _end = length;
        }

        _end += count;
        return _bytes.AsSpan(_end - count, count);
    }

    /// <summary>Lets go of bytes that have been read.</summary>
    public void Drop(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Clear();
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        Return();
        _bytes = [];
        _start = _end = 0;
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
