using System.Globalization;
using FanHub.Contracts;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Realtime.Fanout;

/// <summary>
/// One fan's connection as fan-out sees it: takes ready frames without ever making the sender wait. What the connection cannot take at once waits in a bounded queue that
/// knows the delivery classes: <c>latest</c> frames replace their predecessors, <c>fleeting</c> ones are dropped, and a reader for whom too much waits is sent away to resume.
/// </summary>
public sealed class FanConnection
{
    private readonly HubConnectionContext _connection;
    private readonly FanoutOptions _options;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset? _expiresAt;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _gates = new(StringComparer.Ordinal);
    private LinkedList<Frame>? _waiting;
    private int _waitingBytes;
    private int _holds;
    private bool _writing;
    private bool _closed;
    private long _blockedSince;

    internal FanConnection(HubConnectionContext connection, FanoutOptions options, TimeProvider time)
    {
        _connection = connection;
        _options = options;
        _time = time;
        // The end of the token, in the claim that RFC 7519 has for it.
        _expiresAt = long.TryParse(connection.User?.FindFirst("exp")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    /// <summary>SignalR's id of the connection.</summary>
    public string Id => _connection.ConnectionId;

    /// <summary>The fan, or null where the user has no identifier.</summary>
    public string? Fan => _connection.UserIdentifier;

    /// <summary>The channels followed, with the place among each channel's followers. Touched by the channel, under its lock.</summary>
    internal System.Collections.Concurrent.ConcurrentDictionary<string, Follower> Following { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether it follows a channel.</summary>
    public bool Follows(string channel) => Following.ContainsKey(channel);

    /// <summary>How far the fan's video is behind, in ms, as the fan said when following the channel; 0 where it is not followed.</summary>
    public int DelayMs(string channel) => Following.TryGetValue(channel, out var follower) ? follower.DelayMs : 0;

    /// <summary>Writes the frame now if nothing waits, else queues it. Never blocks.</summary>
    public void Send(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            if (_writing || _holds > 0)
            {
                Enqueue(frame);
                return;
            }

            _writing = true;
        }

        Write(frame);
    }

    /// <summary>Lets frames wait until <see cref="Release"/>, so that a reply can be written before them.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _holds++;
        }
    }

    /// <summary>Ends one <see cref="Hold"/>; what waited is written.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _holds--;
            if (_holds > 0 || _writing || _closed || _waiting is not { Count: > 0 })
            {
                return;
            }

            _writing = true;
        }

        WriteWaiting();
    }

    /// <summary>Lets gated items through to this connection from now on.</summary>
    /// <returns>False where it was open already.</returns>
    public bool OpenGate(string gate)
    {
        lock (_gates)
        {
            return _gates.Count < _options.MaxGates && _gates.Add(gate);
        }
    }

    /// <summary>Whether items behind the gate are for this connection.</summary>
    public bool HasGate(string gate)
    {
        lock (_gates)
        {
            return _gates.Contains(gate);
        }
    }

    /// <summary>Tells the client why, as far as it still reads, and closes the connection.</summary>
    public void Close(Notice notice)
    {
        bool tell;
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            tell = !_writing;
            _waiting = null;
            _waitingBytes = 0;
        }

        if (tell)
        {
            _ = _connection.WriteAsync(Frame.Notice(notice).Message, CancellationToken.None).AsTask()
                .ContinueWith(_ => _connection.Abort(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        else
        {
            _connection.Abort();
        }
    }

    /// <summary>Forgets what waits: nobody is there to read it.</summary>
    internal void Disconnected()
    {
        lock (_lock)
        {
            _closed = true;
            _waiting = null;
            _waitingBytes = 0;
        }
    }

    /// <summary>Closes the connection if the session that opened it has ended.</summary>
    internal void CloseIfExpired()
    {
        if (_expiresAt is { } end && end <= _time.GetUtcNow())
        {
            Close(new Notice(NoticeCodes.SessionExpired, "The session has ended; renew it and come back."));
        }
    }

    /// <summary>Closes the connection if its oldest frame has waited for too long.</summary>
    internal void CloseIfStalled()
    {
        lock (_lock)
        {
            if (_closed || _blockedSince == 0 || _time.GetElapsedTime(_blockedSince) < _options.StallTimeout)
            {
                return;
            }
        }

        Close(SlowNotice);
    }

    private static Notice SlowNotice { get; } = new(NoticeCodes.Slow, "This connection reads too slowly; come back and resume.", RetryAfterMs: 1000);

    private void Enqueue(Frame frame)
    {
        if (frame.Class == DeliveryClass.Fleeting)
        {
            return;
        }

        _waiting ??= new LinkedList<Frame>();
        if (frame.ConflationKey is not null)
        {
            // To the end, not in the old one's place: the newer value may build on logged updates that wait in between.
            for (var node = _waiting.First; node is not null; node = node.Next)
            {
                if (string.Equals(node.Value.ConflationKey, frame.ConflationKey, StringComparison.Ordinal))
                {
                    _waitingBytes -= node.Value.Length;
                    _waiting.Remove(node);
                    break;
                }
            }
        }

        _waiting.AddLast(frame);
        _waitingBytes += frame.Length;
        if (_waitingBytes > _options.MaxWaitingBytes || _waiting.Count > _options.MaxWaitingFrames)
        {
            // Closing takes the lock again, and aborting runs others' code: not from in here.
            ThreadPool.UnsafeQueueUserWorkItem(static c => c.Close(SlowNotice), this, preferLocal: false);
        }
    }

    private void Write(Frame frame)
    {
        var write = _connection.WriteAsync(frame.Message, CancellationToken.None);
        if (write.IsCompletedSuccessfully)
        {
            WriteWaiting();
        }
        else
        {
            Volatile.Write(ref _blockedSince, _time.GetTimestamp());
            _ = FinishAsync(write);
        }
    }

    private async Task FinishAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // SignalR closes a connection that cannot be written to; there is nobody to tell.
            Disconnected();
            return;
        }

        Volatile.Write(ref _blockedSince, 0);
        WriteWaiting();
    }

    /// <summary>Called by whoever set <see cref="_writing"/>: writes what waits, as far as the connection takes it at once.</summary>
    private void WriteWaiting()
    {
        while (true)
        {
            Frame next;
            lock (_lock)
            {
                if (_closed || _holds > 0 || _waiting?.First is not { } first)
                {
                    _writing = false;
                    return;
                }

                next = first.Value;
                _waiting.RemoveFirst();
                _waitingBytes -= next.Length;
                if (_waiting.Count == 0)
                {
                    _waiting = null;
                }
            }

            var write = _connection.WriteAsync(next.Message, CancellationToken.None);
            if (!write.IsCompletedSuccessfully)
            {
                Volatile.Write(ref _blockedSince, _time.GetTimestamp());
                _ = FinishAsync(write);
                return;
            }
        }
    }
}
