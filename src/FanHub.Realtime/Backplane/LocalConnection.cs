using Microsoft.AspNetCore.SignalR;

namespace FanHub.Realtime.Backplane;

/// <summary>
/// A connection of this node. What it does not take at once waits in its own bounded queue, so that nobody else waits for it; if it takes nothing for too long, or too much waits, it is closed.
/// </summary>
internal sealed class LocalConnection(HubConnectionContext context, BackplaneOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private HashSet<string>? _groups;
    private Queue<Waiting>? _waiting;
    private int _waitingBytes;
    private bool _writing;
    private bool _closed;
    private bool _ended;
    private long _blockedSince;

    public HubConnectionContext Context => context;

    public string Id => context.ConnectionId;

    /// <summary>The user's next connection, in the list that <see cref="LocalConnections"/> keeps.</summary>
    public LocalConnection? NextOfUser { get; set; }

    /// <summary>Writes it now, or as soon as what is before it has been written. Never waits, never fails.</summary>
    public void Send(OutgoingMessage message) => Enter(new Waiting(message, Written: null));

    /// <summary>The same, for who wants to go on only when it has been written.</summary>
    /// <exception cref="IOException">The connection was closed before.</exception>
    public Task SendAsync(OutgoingMessage message)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enter(new Waiting(message, written));
        return written.Task;
    }

    /// <summary>Notes a group.</summary>
    /// <returns>False where it was in already, or the connection has ended.</returns>
    public bool AddGroup(string group)
    {
        lock (_lock)
        {
            return !_ended && (_groups ??= new HashSet<string>(StringComparer.Ordinal)).Add(group);
        }
    }

    public bool IsIn(string group)
    {
        lock (_lock)
        {
            return _groups?.Contains(group) ?? false;
        }
    }

    /// <returns>False where it was not in.</returns>
    public bool RemoveGroup(string group)
    {
        lock (_lock)
        {
            return _groups?.Remove(group) ?? false;
        }
    }

    /// <summary>Forgets what waits, and takes nothing any more.</summary>
    /// <returns>The groups it was in.</returns>
    public IReadOnlyCollection<string> End()
    {
        HashSet<string>? groups;
        lock (_lock)
        {
            _ended = true;
            groups = _groups;
            _groups = null;
        }

        _ = Shut();
        return groups ?? (IReadOnlyCollection<string>)[];
    }

    /// <summary>Closes the connection if it has taken nothing for too long.</summary>
    /// <returns>Whether it did.</returns>
    public bool CloseIfStalled()
    {
        var since = Volatile.Read(ref _blockedSince);
        if (since == 0 || time.GetElapsedTime(since) < options.StallTimeout)
        {
            return false;
        }

        Close();
        return true;
    }

    private static IOException Gone() => new("The connection was closed before the message could be written.");

    // It stays in its groups until SignalR says that it has ended, but takes nothing any more.
    private void Close()
    {
        if (Shut())
        {
            context.Abort();
        }
    }

    /// <returns>False where it was shut already.</returns>
    private bool Shut()
    {
        Queue<Waiting>? waiting;
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _closed = true;
            waiting = _waiting;
            _waiting = null;
        }

        foreach (var message in waiting ?? [])
        {
            message.Written?.TrySetException(Gone());
        }

        return true;
    }

    private void Enter(Waiting message)
    {
        bool write;
        bool tooMuch = false;
        lock (_lock)
        {
            if (_closed)
            {
                message.Written?.TrySetException(Gone());
                return;
            }

            write = !_writing;
            _writing = true;
            if (!write)
            {
                _waiting ??= new Queue<Waiting>();
                _waiting.Enqueue(message);
                _waitingBytes += message.Message.Length;
                tooMuch = _waiting.Count > options.MaxWaitingMessages || _waitingBytes > options.MaxWaitingBytes;
            }
        }

        if (tooMuch)
        {
            Close();
        }
        else if (write && Write(message))
        {
            WriteWaiting();
        }
    }

    /// <returns>Whether it is done with; if not, writing goes on by itself when it is.</returns>
    private bool Write(Waiting message)
    {
        try
        {
            var write = context.WriteAsync(message.Message.Message, CancellationToken.None);
            if (write.IsCompleted)
            {
                write.GetAwaiter().GetResult();
                message.Written?.TrySetResult();
                return true;
            }

            // Zero means that nothing is blocked.
            Volatile.Write(ref _blockedSince, Math.Max(1, time.GetTimestamp()));
            _ = FinishAsync(write, message.Written);
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The trouble of one connection, which SignalR closes by itself; the others are to get theirs.
            message.Written?.TrySetException(e);
            return true;
        }
    }

    private async Task FinishAsync(ValueTask write, TaskCompletionSource? written)
    {
        try
        {
            await write.ConfigureAwait(false);
            written?.TrySetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            written?.TrySetException(e);
        }

        Volatile.Write(ref _blockedSince, 0);
        WriteWaiting();
    }

    /// <summary>Called by whoever set <see cref="_writing"/>.</summary>
    private void WriteWaiting()
    {
        while (true)
        {
            Waiting next;
            lock (_lock)
            {
                if (_closed || _waiting is null || !_waiting.TryDequeue(out next))
                {
                    _waiting = null;
                    _waitingBytes = 0;
                    _writing = false;
                    return;
                }

                _waitingBytes -= next.Message.Length;
            }

            if (!Write(next))
            {
                return;
            }
        }
    }

    private readonly record struct Waiting(OutgoingMessage Message, TaskCompletionSource? Written);
}
