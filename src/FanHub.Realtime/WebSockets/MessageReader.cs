using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace FanHub.Realtime.WebSockets;

/// <summary>What a client says, without the frames around it, as SignalR reads it. Control frames are dealt with on the way.</summary>
/// <param name="bytes">What comes from the client.</param>
/// <param name="lane">Where pongs and closes go.</param>
/// <param name="maxMessage">The most bytes that a message may have, and that may wait unread.</param>
internal sealed class MessageReader(PipeReader bytes, SocketLane lane, int maxMessage) : PipeReader
{
    // One byte more than a message: what is too long for the reader then shows as that, and not as a wait.
    private readonly PayloadBuffer _payload = new(maxMessage + 1);
    private FrameParser _parser = new(maxMessage);
    private ReadOnlySequence<byte> _given;
    private int _examined;
    private bool _ended;
    private bool _gone;

    /// <summary>Whether the client has said good-bye, and been answered.</summary>
    public bool ClosedByPeer { get; private set; }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (_payload.Length <= _examined && !_ended)
        {
            if (_payload.Room == 0)
            {
                // More than a message waits, and whoever reads makes nothing of it: nor would he of more.
                _ended = true;
                lane.WriteLast(FrameFormat.MakeClose(CloseCode.TooBig));
                break;
            }

            ReadResult read;
            try
            {
                read = await bytes.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The connection broke: for SignalR that is the end like any other.
                _ended = _gone = true;
                break;
            }

            if (read.IsCanceled)
            {
                bytes.AdvanceTo(read.Buffer.Start);
                return Result(isCanceled: true);
            }

            Take(read);
        }

        return Result(isCanceled: false);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (_payload.Length <= _examined && !_ended && bytes.TryRead(out var read))
        {
            Take(read);
        }

        result = Result(isCanceled: false);
        return _payload.Length > _examined || _ended;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var dropped = (int)_given.Slice(_given.Start, consumed).Length;
        _examined = (int)_given.Slice(_given.Start, examined).Length - dropped;
        _given = default;
        _payload.Drop(dropped);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => bytes.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        // What it reads from belongs to the connection, and is read on: the client may still have a close to send.
    }

    /// <summary>Reads on, and away, until the client has said good-bye or is gone.</summary>
    /// <param name="most">Bytes after which it is enough: who goes on like that is not about to close.</param>
    /// <param name="cancellationToken">When it has taken too long.</param>
    /// <returns>Whether the client has nothing more to say.</returns>
    public async Task<bool> ReadToEndAsync(long most, CancellationToken cancellationToken)
    {
        while (!ClosedByPeer && !_gone && most > 0)
        {
            _payload.Clear();
            _examined = 0;
            try
            {
                var read = await bytes.ReadAsync(cancellationToken).ConfigureAwait(false);
                most -= read.Buffer.Length;
                if (_ended)
                {
                    // After a breach nothing is understood any more. What is left unread in the kernel would make it reset the connection, and the client might never see why.
                    bytes.AdvanceTo(read.Buffer.End);
                    _gone = read.IsCompleted;
                }
                else
                {
                    Take(read);
                }
            }
            catch (IOException)
            {
                _gone = true;
            }
        }

        _payload.Clear();
        return ClosedByPeer || _gone;
    }

    private ReadResult Result(bool isCanceled)
    {
        _given = _payload.Bytes;
        return new ReadResult(_given, isCanceled, _ended);
    }

    private void Take(in ReadResult read)
    {
        var buffer = read.Buffer;
        while (!_ended)
        {
            var token = _parser.Next(ref buffer, _payload);
            if (token == FrameToken.NeedMore)
            {
                break;
            }

            switch (token)
            {
                case FrameToken.Ping:
                    lane.WriteOwn(FrameFormat.Make(FrameKind.Pong, _parser.Control));
                    break;
                case FrameToken.Close:
                    // The same code back (section 5.5.1); none where there was none.
                    ClosedByPeer = true;
                    _ended = true;
                    lane.WriteLast(_parser.CloseStatus == 1005 ? FrameFormat.Make(FrameKind.Close, []) : FrameFormat.MakeClose(_parser.CloseStatus));
                    break;
                case FrameToken.Violation:
                    _ended = true;
                    lane.WriteLast(FrameFormat.MakeClose(_parser.CloseStatus));
                    break;
            }
        }

        // What is left is a part of a header, which takes more bytes to read, or payload for which there was no room.
        bytes.AdvanceTo(buffer.Start, _payload.Room == 0 ? buffer.Start : buffer.End);
        if (read.IsCompleted && _payload.Room > 0)
        {
            _ended = _gone = true;
        }
    }
}
