using FanHub.Realtime.WebSockets;

namespace FanHub.Realtime.Fanout;

/// <summary>Some followers of a channel in one language, close together in memory. Walked at a stretch, under a lock of its own that is held for a few milliseconds.</summary>
/// <param name="locale">The language asked for; empty for each item's default.</param>
internal sealed class FollowerShard(string locale)
{
    private const int Capacity = 512;
    private const int AtFirst = 4;

    private readonly Lock _lock = new();
    private FanConnection[] _connections = new FanConnection[AtFirst];
    private SocketLane?[] _sockets = new SocketLane?[AtFirst];
    private long[] _since = new long[AtFirst];
    private Follower[] _followers = new Follower[AtFirst];
    private int _count;

    /// <summary>The language asked for.</summary>
    public string Locale => locale;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether another one fits in.</summary>
    public bool HasRoom => Count < Capacity;

    /// <summary>Adds a follower.</summary>
    /// <param name="follower">The follower.</param>
    /// <param name="since">The change of the channel up to which it needs nothing.</param>
    public void Add(Follower follower, long since)
    {
        lock (_lock)
        {
            if (_count == _connections.Length)
            {
                Array.Resize(ref _connections, _count * 2);
                Array.Resize(ref _sockets, _count * 2);
                Array.Resize(ref _since, _count * 2);
                Array.Resize(ref _followers, _count * 2);
            }

            follower.Index = _count;
            _connections[_count] = follower.Connection;
            _sockets[_count] = follower.Connection.Socket;
            _since[_count] = since;
            _followers[_count] = follower;
            _count++;
        }
    }

    /// <summary>Takes a follower away; the last one moves to its place.</summary>
    /// <returns>How many are left.</returns>
    public int Remove(Follower follower)
    {
        lock (_lock)
        {
            _count--;
            var place = follower.Index;
            _connections[place] = _connections[_count];
            _sockets[place] = _sockets[_count];
            _since[place] = _since[_count];
            _followers[place] = _followers[_count];
            _followers[place].Index = place;
            _connections[_count] = null!;
            _sockets[_count] = null;
            _followers[_count] = null!;
            return _count;
        }
    }

    /// <summary>Sends an entry to those who have not been told of the change, and may see it.</summary>
    public void Deliver(EncodedEntry entry, long change)
    {
        var gate = entry.Entry.Item.Gate;
        var frame = entry.Frame(locale);
        lock (_lock)
        {
            for (var i = 0; i < _count; i++)
            {
                if (_since[i] < change && (gate is null || _connections[i].HasGate(gate)) && _sockets[i]?.TryWrite(frame) is not true)
                {
                    _connections[i].Send(frame);
                }
            }
        }
    }

    /// <summary>Sends a notice, and the items that each may see.</summary>
    public void Resync(Frame notice, IReadOnlyList<EncodedEntry> items, long change)
    {
        lock (_lock)
        {
            for (var i = 0; i < _count; i++)
            {
                if (_since[i] >= change)
                {
                    continue;
                }

                var connection = _connections[i];
                connection.Send(notice);
                foreach (var item in items)
                {
                    if (ChannelFollowers.Sees(connection, item))
                    {
                        connection.Send(item.Frame(locale));
                    }
                }
            }
        }
    }
}
