using System.Buffers;
using System.IO.Pipelines;

namespace FanHub.Realtime.WebSockets;

/// <summary>Where SignalR writes what it has to say to one client: what lies between two flushes becomes one text message. Never waits.</summary>
/// <param name="lane">Where messages go.</param>
internal sealed class MessageWriter(SocketLane lane) : PipeWriter
{
    private const int Smallest = 512;

    private byte[]? _bytes;
    private int _end;
    private Action? _sent;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _bytes is null ? 0 : _end - FrameFormat.MaxHeader;

    /// <summary>Says whom to tell, once, when what has been written up to now is on its way. Until then it may still be overtaken.</summary>
    public void WhenSent(Action sent) => _sent += sent;

    /// <inheritdoc/>
    public override void Advance(int bytes) => _end += bytes;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        // Room for the header stays free in front, so that the message need not be moved.
        sizeHint = Math.Max(sizeHint, 1);
        if (_bytes is null)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, FrameFormat.MaxHeader + sizeHint));
            _end = FrameFormat.MaxHeader;
        }
        else if (_bytes.Length - _end < sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _end + sizeHint));
            _bytes.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_end);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_bytes is { } bytes)
        {
            var length = _end - FrameFormat.MaxHeader;
            if (length > 0)
            {
                var start = FrameFormat.MaxHeader - FrameFormat.HeaderLength(length);
                FrameFormat.WriteHeader(bytes.AsSpan(start), FrameKind.Text, length);
                lane.WriteOwn(bytes.AsSpan(start.._end));
            }

            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }

        if (_sent is { } sent)
        {
            _sent = null;
            sent();
        }

        return default;
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        // No flush is ever pending.
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
