namespace FanHub.LoadTests.Sockets;

/// <summary>Splits what comes into SignalR's records. A WebSocket message may hold several of them, or a part of one.</summary>
internal sealed class RecordReader(RecordTaker take)
{
    private const byte Separator = 0x1e;

    private Piece _kept;

    /// <summary>Messages that held more than one record.</summary>
    public int Merged { get; private set; }

    /// <summary>Messages that ended within a record.</summary>
    public int Split { get; private set; }

    /// <summary>Takes a message in.</summary>
    public void Read(ReadOnlySpan<byte> message, long arrivedAt)
    {
        if (_kept.Length > 0)
        {
            _kept.Append(message);
            _kept.RemoveFirst(ReadRecords(_kept.Bytes, arrivedAt));
            return;
        }

        _kept.Append(message[ReadRecords(message, arrivedAt)..]);
    }

    private int ReadRecords(ReadOnlySpan<byte> bytes, long arrivedAt)
    {
        var (taken, records) = (0, 0);
        while (bytes[taken..].IndexOf(Separator) is var length and >= 0)
        {
            take(bytes.Slice(taken, length), arrivedAt);
            taken += length + 1;
            records++;
        }

        Merged += records > 1 ? 1 : 0;
        Split += taken < bytes.Length ? 1 : 0;
        return taken;
    }
}

/// <summary>Takes a record, without its separator; only valid during the call.</summary>
internal delegate void RecordTaker(ReadOnlySpan<byte> record, long arrivedAt);
