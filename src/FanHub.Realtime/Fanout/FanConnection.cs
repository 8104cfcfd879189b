using System.Globalization;
using FanHub.Contracts;
using FanHub.Realtime.WebSockets;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Realtime.Fanout;

/// <summary>
/// One fan's connection as fan-out sees it: takes ready frames without ever making the sender wait. What the connection cannot take at once waits in a bounded queue that
/// knows the delivery classes: <c>latest</c> frames replace their predecessors, <c>fleeting</c> ones are dropped, and a reader for whom too much waits is sent away to resume.
/// </summary>
public sealed class FanConnection
{
    private readonly HubConnectionContext _connection;
    private readonly IFrameLane _lane;
    private readonly FanoutOptions _options;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset? _expiresAt;
    private string[] _gates = [];
    private LinkedList<Frame>? _waiting;
    private int _waitingBytes;
    private int _holds;
    private bool _writing;
    private bool _closed;
    private long _blockedSince;

    internal FanConnection(HubConnectionContext connection, FanoutOptions options, TimeProvider time)
    {
        _connection = connection;
        _lane = connection.Features.Get<IFrameLane>() ?? new SignalRLane(connection);
        _lane.Attach(this);
        _lane.IsDirect = true;
        _options = options;
        _time = time;
        // The end of the token, in the claim that RFC 7519 has for it.
        _expiresAt = long.TryParse(connection.User?.FindFirst("exp")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    /// <summary>SignalR's id of the connection.</summary>
    public string Id => _connection.ConnectionId;

    /// <summary>The fan, or null where the user has no identifier.</summary>
    public string? Fan => _connection.UserIdentifier;

    /// <summary>The channels followed, with the place among each channel's followers. Changed by the channel, under its lock. Also what this locks for itself: an object for that alone would be one more for every connection.</summary>
    internal FollowedChannels Following { get; } = new();

    /// <summary>The short way to its socket, for frames that nothing goes before; null where there is none.</summary>
    internal SocketLane? Socket => _lane as SocketLane;

    /// <summary>Its place in <see cref="FanConnections"/>.</summary>
    internal int Slot { get; set; }

    /// <summary>Its place in its slot.</summary>
    internal int Index { get; set; }

    /// <summary>The same fan's connection before this one. Under the lock of <see cref="FanConnections"/>, as its counterpart.</summary>
    internal FanConnection? OlderOfFan { get; set; }

    /// <summary>The same fan's connection after this one.</summary>
    internal FanConnection? NewerOfFan { get; set; }

    /// <summary>How many bytes of frames wait for a reader that is slow.</summary>
    public int WaitingBytes => Volatile.Read(ref _waitingBytes);

    /// <summary>Whether it follows a channel.</summary>
    public bool Follows(string channel) => Following.Find(channel) is not null;

    /// <summary>How far the fan's video is behind, in ms, as the fan said when following the channel; 0 where it is not followed.</summary>
    public int DelayMs(string channel) => Following.Find(channel)?.DelayMs ?? 0;

    /// <summary>Writes the frame now if nothing waits, else queues it. Never blocks.</summary>
    public void Send(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        lock (Following)
        {
            if (_closed)
            {
                return;
            }

            if (_writing || _holds > 0)
            {
                Enqueue(frame);
            }
            else
            {
                Write(frame);
            }
        }
    }

    /// <summary>Lets frames wait until <see cref="Release"/>, so that a reply can be written before them.</summary>
    public void Hold()
    {
        lock (Following)
        {
            _holds++;
            _lane.IsDirect = false;
        }
    }

    /// <summary>Ends one <see cref="Hold"/>; what waited is written.</summary>
    public void Release()
    {
        lock (Following)
        {
            _holds--;
            WriteWaiting();
            SayWhetherDirect();
        }
    }

    /// <summary>Called by the lane when it takes frames again.</summary>
    internal void Drained()
    {
        lock (Following)
        {
            _writing = false;
            _blockedSince = 0;
            WriteWaiting();
            SayWhetherDirect();
        }
    }

    /// <summary>Lets gated items through to this connection from now on.</summary>
    /// <returns>False where it was open already.</returns>
    public bool OpenGate(string gate)
    {
        lock (Following)
        {
            if (_gates.Length >= _options.MaxGates || HasGate(gate))
            {
                return false;
            }

            _gates = [.. _gates, gate];
            return true;
        }
    }

    /// <summary>Whether it has passed any gate.</summary>
    public bool HasGates => Volatile.Read(ref _gates).Length > 0;

    /// <summary>Whether items behind the gate are for this connection.</summary>
    public bool HasGate(string gate) => Array.IndexOf(Volatile.Read(ref _gates), gate) >= 0;

    /// <summary>Tells the client why, as far as it still reads, and closes the connection.</summary>
    public void Close(Notice notice)
    {
        lock (Following)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _lane.IsDirect = false;
            _waiting = null;
            _waitingBytes = 0;
            if (!_writing)
            {
                // Where it is not taken at once, who reads so slowly goes without it.
                _lane.Write(Frame.Notice(notice));
            }
        }

        _connection.Abort();
    }

    /// <summary>Forgets what waits: nobody is there to read it.</summary>
    internal void Disconnected()
    {
        lock (Following)
        {
            _closed = true;
            _lane.IsDirect = false;
            _waiting = null;
            _waitingBytes = 0;
        }
    }

    /// <summary>Looks after the connection: closes it where its session has ended, and gives a sign of life where nothing else was sent.</summary>
    /// <param name="quiet">For how long nothing may be sent, in ms.</param>
    internal void Beat(int quiet)
    {
        _lane.Beat();
        if (_expiresAt is { } end && end <= _time.GetUtcNow())
        {
            Close(new Notice(NoticeCodes.SessionExpired, "The session has ended; renew it and come back."));
        }
        else if (_lane.MillisecondsIdle >= quiet)
        {
            Send(Frame.Ping);
        }
    }

    /// <summary>Closes the connection if its oldest frame has waited for too long.</summary>
    internal void CloseIfStalled()
    {
        // Without the lock: nearly all have nothing waiting, and who is missed now is seen a second later.
        if (Volatile.Read(ref _blockedSince) is var since and not 0 && _time.GetElapsedTime(since) >= _options.StallTimeout)
        {
            Close(SlowNotice);
        }
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
        if (!_lane.Write(frame))
        {
            _writing = true;
            _lane.IsDirect = false;
            _blockedSince = _time.GetTimestamp();
        }
    }

    private void SayWhetherDirect() => _lane.IsDirect = !_closed && !_writing && _holds == 0;

    /// <summary>Writes what waits, as far as the lane takes it at once. Under the lock.</summary>
    private void WriteWaiting()
    {
        while (!_closed && !_writing && _holds == 0 && _waiting?.First is { } first)
        {
            _waiting.RemoveFirst();
            _waitingBytes -= first.Value.Length;
            if (_waiting.Count == 0)
            {
                _waiting = null;
            }

            Write(first.Value);
        }
    }
}
