using System.Net.Sockets;
using FanHub.Realtime.Fanout;

namespace FanHub.Realtime.WebSockets;

/// <summary>
/// The sending side of one client's socket. A ready frame goes to the kernel at once, by whoever brings it; what the kernel does not take is sent when it does, in order, and nobody
/// waits for that. What SignalR itself writes waits here, within a bound; frames of the fan-out wait at their <see cref="FanConnection"/>, which knows what may be dropped.
/// </summary>
/// <remarks>Locks itself: an object to lock would be one more for every connection, in memory and on the way of every frame.</remarks>
/// <param name="socket">Nobody else sends on it.</param>
/// <param name="maxWaiting">Bytes that may wait.</param>
/// <param name="broken">Called, on the pool, once nothing can be sent any more.</param>
internal sealed class SocketLane(Socket socket, int maxWaiting, Action broken) : IFrameLane
{
    private Queue<ReadOnlyMemory<byte>>? _waiting;
    private int _waitingBytes;
    private FanConnection? _owner;
    private TaskCompletionSource? _idle;
    private int _descriptor = NativeSocket.Hold(socket);
    private bool _direct;
    private bool _blocked;
    private bool _ended;
    private int _lastSent = Environment.TickCount;

    /// <inheritdoc/>
    public int MillisecondsIdle => Environment.TickCount - Volatile.Read(ref _lastSent);

    /// <summary>What SignalR wants done every few seconds: from a client's first ping on, to look whether it is still there.</summary>
    public (Action<object> Act, object State)? OnBeat { get; set; }

    /// <inheritdoc/>
    public void Beat()
    {
        if (OnBeat is { } beat)
        {
            beat.Act(beat.State);
        }
    }

    /// <inheritdoc/>
    public void Attach(FanConnection owner)
    {
        lock (this)
        {
            _owner = owner;
        }
    }

    /// <inheritdoc/>
    public bool IsDirect
    {
        set
        {
            lock (this)
            {
                _direct = value;
            }
        }
    }

    /// <summary>Takes a frame past the owner, where the owner has said that nothing goes before it, and nothing waits here: the way of nearly every frame.</summary>
    /// <returns>False where the owner has to be asked.</returns>
    public bool TryWrite(Frame frame)
    {
        lock (this)
        {
            if (!_direct || _blocked || _ended)
            {
                return false;
            }

            Send(frame.WebSocket);
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Write(Frame frame)
    {
        lock (this)
        {
            return Send(frame.WebSocket);
        }
    }

    /// <summary>Sends what is not the fan-out's: a message of SignalR, an answer to a ping. The bytes are the caller's again afterwards.</summary>
    public void WriteOwn(ReadOnlySpan<byte> frame)
    {
        lock (this)
        {
            if (_ended)
            {
                return;
            }

            if (_blocked)
            {
                Wait(frame.ToArray());
                return;
            }

            var sent = SendNow(frame);
            if (sent < frame.Length)
            {
                SendLater(frame[sent..].ToArray());
            }
        }
    }

    /// <summary>Sends a close frame, after which nothing follows.</summary>
    public void WriteLast(byte[] frame)
    {
        lock (this)
        {
            Send(frame);
            Stop();
        }
    }

    /// <summary>Nothing is sent from now on; what waits is forgotten.</summary>
    public void End()
    {
        lock (this)
        {
            Stop();
            Forget();
        }
    }

    /// <summary>Lets go of the descriptor, for a server that stops: whoever closes the socket waits for that, and a call that does not end would keep him. Frames go the framework's way then.</summary>
    public void LetGo()
    {
        lock (this)
        {
            Release();
        }
    }

    /// <summary>Waits until the kernel has everything, or nothing can be sent any more.</summary>
    /// <returns>False where it took too long.</returns>
    public async Task<bool> FlushedAsync(TimeSpan limit)
    {
        Task idle;
        lock (this)
        {
            if (!_blocked)
            {
                return true;
            }

            idle = (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        try
        {
            await idle.WaitAsync(limit).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Sends what stays as it is, so that its rest can wait without a copy.</summary>
    /// <returns>False where the lane is blocked.</returns>
    private bool Send(ReadOnlyMemory<byte> frame)
    {
        if (_ended)
        {
            return true;
        }

        if (_blocked)
        {
            Wait(frame);
            return false;
        }

        var sent = SendNow(frame.Span);
        if (sent < frame.Length)
        {
            SendLater(frame[sent..]);
            return false;
        }

        return true;
    }

    /// <returns>How many bytes the kernel took; where that is not all, the lane is blocked, and the rest is the caller's to send later. All of them where nothing can be sent any more.</returns>
    private int SendNow(ReadOnlySpan<byte> frame)
    {
        var sent = _descriptor >= 0 ? NativeSocket.Send(_descriptor, frame) : -1;
        var error = SocketError.Success;
        try
        {
            if (sent < 0)
            {
                sent = socket.Send(frame, SocketFlags.None, out error);
            }
        }
        catch (ObjectDisposedException)
        {
            (sent, error) = (0, SocketError.Shutdown);
        }

        switch (error)
        {
            case SocketError.Success when sent == frame.Length:
                Volatile.Write(ref _lastSent, Environment.TickCount);
                return sent;
            case SocketError.Success or SocketError.WouldBlock or SocketError.IOPending or SocketError.NoBufferSpaceAvailable:
                _blocked = true;
                return Math.Max(0, sent);
            default:
                Break();
                return frame.Length;
        }
    }

    private void Wait(ReadOnlyMemory<byte> frame)
    {
        _waitingBytes += frame.Length;
        if (_waitingBytes > maxWaiting)
        {
            Break();
            return;
        }

        (_waiting ??= new Queue<ReadOnlyMemory<byte>>()).Enqueue(frame);
    }

    // Never from here: whoever holds the lock is to find the lane as it left it.
    private void SendLater(ReadOnlyMemory<byte> rest) => ThreadPool.UnsafeQueueUserWorkItem(static l => _ = l.Lane.SendWaitingAsync(l.Frame), (Lane: this, Frame: rest), preferLocal: false);

    private async Task SendWaitingAsync(ReadOnlyMemory<byte> rest)
    {
        FanConnection? owner;
        try
        {
            while (true)
            {
                while (!rest.IsEmpty)
                {
                    rest = rest[await socket.SendAsync(rest, SocketFlags.None).ConfigureAwait(false)..];
                }

                Volatile.Write(ref _lastSent, Environment.TickCount);
                lock (this)
                {
                    if (_waiting is { Count: > 0 })
                    {
                        rest = _waiting.Dequeue();
                        _waitingBytes -= rest.Length;
                        continue;
                    }

                    Forget();
                    _blocked = false;
                    _idle?.TrySetResult();
                    _idle = null;
                    owner = _ended ? null : _owner;
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            lock (this)
            {
                Break();
            }

            return;
        }

        owner?.Drained();
    }

    private void Break()
    {
        Stop();
        _blocked = false;
        Forget();
        _idle?.TrySetResult();
        ThreadPool.UnsafeQueueUserWorkItem(static b => b(), broken, preferLocal: false);
    }

    private void Stop()
    {
        _ended = true;
        Release();
    }

    private void Release()
    {
        if (_descriptor >= 0)
        {
            _descriptor = -1;
            NativeSocket.Release(socket);
        }
    }

    private void Forget()
    {
        _waiting = null;
        _waitingBytes = 0;
    }
}
