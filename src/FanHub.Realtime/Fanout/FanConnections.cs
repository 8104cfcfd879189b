using System.Runtime.InteropServices;
using FanHub.Contracts;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Realtime.Fanout;

/// <summary>
/// All connections of this node. One timer looks after all of them, as a wheel: each second it comes to a fifth, which need a sign of life, have been silent for too long, or whose
/// session has ended; those that stopped reading are looked for every second.
/// </summary>
public sealed class FanConnections : BackgroundService
{
    private const int Slots = 5;
    private readonly Slot[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new Slot())];
    // The newest connection of each fan; older ones hang on it. Most fans have one, and a list for each would cost more than all the rest.
    private readonly Dictionary<string, FanConnection> _byFan = new(StringComparer.Ordinal);
    private readonly FanoutOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly int _quietMs;
    private int _count;
    private int _next;

    /// <summary>Creates it.</summary>
    public FanConnections(IOptions<FanoutOptions> options, IOptions<HubOptions> hub, TimeProvider time, IHostApplicationLifetime? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(hub);
        _options = options.Value;
        _stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        _time = time;
        // Each is looked at every so many seconds, and must not be quiet for longer than was promised.
        _quietMs = (int)Math.Max(0, ((hub.Value.KeepAliveInterval ?? TimeSpan.FromSeconds(15)) - TimeSpan.FromSeconds(Slots)).TotalMilliseconds);
    }

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many bytes of frames wait for readers that are slow.</summary>
    public long WaitingBytes
    {
        get
        {
            var sum = 0L;
            ForEach(connection => sum += connection.WaitingBytes);
            return sum;
        }
    }

    /// <summary>This node's connections of one fan.</summary>
    public IReadOnlyList<FanConnection> Of(string fan)
    {
        lock (_byFan)
        {
            var connections = new List<FanConnection>(1);
            for (var connection = _byFan.GetValueOrDefault(fan); connection is not null; connection = connection.OlderOfFan)
            {
                connections.Add(connection);
            }

            return connections;
        }
    }

    /// <summary>Tells everybody on this node.</summary>
    public void SendAll(Notice notice)
    {
        var frame = Frame.Notice(notice);
        ForEach(connection => connection.Send(frame));
    }

    /// <summary>Tells everybody on this node, each something else.</summary>
    public void SendEach(Func<Notice> notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        ForEach(connection => connection.Send(Frame.Notice(notice())));
    }

    internal FanConnection Add(HubConnectionContext context)
    {
        var connection = new FanConnection(context, _options, _time) { Slot = (int)((uint)Interlocked.Increment(ref _next) % Slots) };
        _slots[connection.Slot].Add(connection);
        Interlocked.Increment(ref _count);
        if (connection.Fan is { } fan)
        {
            lock (_byFan)
            {
                ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_byFan, fan, out _);
                connection.OlderOfFan = newest;
                newest?.NewerOfFan = connection;
                newest = connection;
            }
        }

        return connection;
    }

    internal void Remove(FanConnection connection)
    {
        connection.Disconnected();
        if (!_slots[connection.Slot].Remove(connection))
        {
            return;
        }

        Interlocked.Decrement(ref _count);
        if (connection.Fan is { } fan)
        {
            lock (_byFan)
            {
                connection.OlderOfFan?.NewerOfFan = connection.NewerOfFan;
                if (connection.NewerOfFan is { } newer)
                {
                    newer.OlderOfFan = connection.OlderOfFan;
                }
                else if (connection.OlderOfFan is { } older)
                {
                    _byFan[fan] = older;
                }
                else
                {
                    _byFan.Remove(fan);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        for (var turn = 0; await timer.WaitForNextTickAsync(stoppingToken); turn = (turn + 1) % Slots)
        {
            ForEach(static connection => connection.CloseIfStalled());
            if (_stopping.IsCancellationRequested)
            {
                ForEach(static connection => connection.Socket?.LetGo());
            }

            foreach (var connection in _slots[turn].Copy())
            {
                connection.Beat(_quietMs);
            }
        }
    }

    private void ForEach(Action<FanConnection> act)
    {
        foreach (var slot in _slots)
        {
            foreach (var connection in slot.Copy())
            {
                act(connection);
            }
        }
    }

    private sealed class Slot
    {
        private readonly List<FanConnection> _connections = [];

        public void Add(FanConnection connection)
        {
            lock (_connections)
            {
                connection.Index = _connections.Count;
                _connections.Add(connection);
            }
        }

        public bool Remove(FanConnection connection)
        {
            lock (_connections)
            {
                var index = connection.Index;
                if (index >= _connections.Count || _connections[index] != connection)
                {
                    return false;
                }

                var last = _connections[^1];
                _connections[index] = last;
                last.Index = index;
                _connections.RemoveAt(_connections.Count - 1);
                return true;
            }
        }

        /// <summary>Who is here now: sending goes on without the lock.</summary>
        public FanConnection[] Copy()
        {
            lock (_connections)
            {
                return [.. _connections];
            }
        }
    }
}
