namespace FanHub.LoadTests.Sockets;

/// <summary>Bytes that wait for the rest of what they belong to. Takes no memory while there are none.</summary>
internal struct Piece
{
    private byte[]? _bytes;

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Puts some behind the others.</summary>
    public void Append(ReadOnlySpan<byte> more)
    {
        if (more.IsEmpty)
        {
            return;
        }

        if (_bytes is null || _bytes.Length < Length + more.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + more.Length, 2 * Length));
        }

        more.CopyTo(_bytes.AsSpan(Length));
        Length += more.Length;
    }

    /// <summary>Takes the first ones away.</summary>
    public void RemoveFirst(int count)
    {
        Length -= count;
        if (Length == 0)
        {
            _bytes = null;
        }
        else if (count > 0)
        {
            _bytes.AsSpan(count, Length).CopyTo(_bytes);
        }
    }
}
