using System.Collections.Concurrent;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;

namespace FanHub.Realtime.Channels;

/// <summary>
/// What a node holds of one channel: the items, the tail of the log, and what went away. Changed under its owner's lock; single items may be looked up without.
/// </summary>
/// <param name="channel">The channel's id.</param>
/// <param name="logLength">How many logged updates to keep for those who come back.</param>
/// <param name="logBytes">About how many bytes of data they may have together.</param>
internal sealed class ChannelReplica(string channel, int logLength, int logBytes)
{
    private readonly ConcurrentDictionary<string, EncodedEntry> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EncodedEntry> _gone = new(StringComparer.Ordinal);
    private readonly Queue<EncodedEntry> _tail = new();
    private long _tailBytes;
    private ChannelHead _head = new("", 0, 0);

    /// <summary>The last position that was applied.</summary>
    public ChannelHead Head
    {
        get => Volatile.Read(ref _head);
        set => Volatile.Write(ref _head, value);
    }

    /// <summary>All items, in the order in which they changed.</summary>
    public IEnumerable<EncodedEntry> Items => _items.Values.OrderBy(e => e.Entry.Revision);

    /// <summary>The current entry of an item, or null.</summary>
    public EncodedEntry? Find(string key) => _items.GetValueOrDefault(key);

    /// <summary>What an item said before, as far back as the log is held; the newest first.</summary>
    public IReadOnlyList<EncodedEntry> Earlier(string key) => [.. _tail.Where(e => !e.Entry.Item.Removes && string.Equals(e.Entry.Item.Key, key, StringComparison.Ordinal)).Reverse()];

    /// <summary>The current entries of a kind.</summary>
    public IReadOnlyList<EncodedEntry> ItemsOf(string kind) => [.. _items.Values.Where(e => string.Equals(e.Entry.Item.Kind, kind, StringComparison.Ordinal))];

    /// <summary>
    /// Exactly what somebody at that position has missed: the logged updates since, then every <c>latest</c> item, the removed ones too. Null where the log does not reach
    /// back that far, or the position is not one of it.
    /// </summary>
    public IEnumerable<EncodedEntry>? Since(Position position)
    {
        // Offsets in the tail are consecutive, so that a position is an index.
        var first = _head.Offset - _tail.Count;
        return string.Equals(position.Epoch, _head.Epoch, StringComparison.Ordinal) && position.Offset >= first && position.Offset <= _head.Offset
            ? _tail.Skip((int)(position.Offset - first)).Concat(Items.Where(e => e.Entry.Item.Class == DeliveryClass.Latest)).Concat(_gone.Values)
            : null;
    }

    /// <summary>Takes one entry in.</summary>
    public EncodedEntry Apply(LogEntry entry)
    {
        var encoded = new EncodedEntry(channel, entry);
        if (entry.Item.Class == DeliveryClass.Logged)
        {
            _tail.Enqueue(encoded);
            _tailBytes += entry.Item.Data.Length;
            while (_tail.Count > logLength || (_tailBytes > logBytes && _tail.Count > ChannelOptions.FewestKept))
            {
                _tailBytes -= _tail.Dequeue().Entry.Item.Data.Length;
            }
        }

        if (!entry.Item.Removes)
        {
            _items[entry.Item.Key] = encoded;
            _gone.Remove(entry.Item.Key);
            return encoded;
        }

        _items.TryRemove(entry.Item.Key, out _);
        if (entry.Item.Class == DeliveryClass.Latest)
        {
            _gone[entry.Item.Key] = encoded;
            ForgetGone();
        }
        else
        {
            Empty(entry.Item.Key, before: entry.Revision);
        }

        return encoded;
    }

    /// <summary>
    /// What was taken away is not told again, not even to those who resume from before it: earlier updates of the item keep their offsets and lose what they said.
    /// </summary>
    /// <param name="entries">Logged entries, in order.</param>
    public static IEnumerable<LogEntry> WithoutRemoved(IReadOnlyList<LogEntry> entries)
    {
        var removedAt = entries.Where(e => e.Item.Removes).GroupBy(e => e.Item.Key, StringComparer.Ordinal).ToDictionary(e => e.Key, e => e.Max(r => r.Revision), StringComparer.Ordinal);
        return entries.Select(e => removedAt.TryGetValue(e.Item.Key, out var at) && e.Revision < at ? Emptied(e) : e);
    }

    /// <summary>Takes the log's state in place of what is held.</summary>
    public void Replace(ChannelRead read)
    {
        Head = read.Head;
        _items.Clear();
        _gone.Clear();
        _tail.Clear();
        // Items outlive an epoch, and are sent under the one that the snapshot is of.
        foreach (var entry in read.Items)
        {
            _items[entry.Item.Key] = new EncodedEntry(channel, entry with { Epoch = read.Head.Epoch });
        }

        foreach (var entry in read.Gone)
        {
            _gone[entry.Item.Key] = new EncodedEntry(channel, entry with { Epoch = read.Head.Epoch });
        }

        foreach (var entry in WithoutRemoved(read.Logged))
        {
            _tail.Enqueue(new EncodedEntry(channel, entry));
        }

        _tailBytes = _tail.Sum(static e => (long)e.Entry.Item.Data.Length);
    }

    private static LogEntry Emptied(LogEntry entry) => entry with { Item = entry.Item with { Data = default } };

    private void Empty(string key, long before)
    {
        var tail = _tail.ToArray();
        _tail.Clear();
        foreach (var entry in tail)
        {
            var said = string.Equals(entry.Entry.Item.Key, key, StringComparison.Ordinal) && entry.Entry.Revision < before && !entry.Entry.Item.Removes;
            _tail.Enqueue(said ? new EncodedEntry(channel, Emptied(entry.Entry)) : entry);
        }

        _tailBytes = _tail.Sum(static e => (long)e.Entry.Item.Data.Length);
    }

    /// <summary>Nobody can resume from before the tail, so nobody needs to hear of removals before it.</summary>
    private void ForgetGone()
    {
        if (_gone.Count > ChannelOptions.GoneLimit)
        {
            foreach (var old in _gone.Values.Where(e => e.Entry.Offset < _head.Offset - _tail.Count).Select(e => e.Entry.Item.Key).ToList())
            {
                _gone.Remove(old);
            }
        }
    }
}
