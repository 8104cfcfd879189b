using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using Microsoft.Extensions.Logging;

namespace FanHub.Realtime.Channels;

/// <summary>
/// This node's copy of one channel, and the connections here that follow it. Updates go out in the log's order: what does not follow the last one seen waits until the hole
/// has been filled from the log.
/// </summary>
internal sealed partial class LiveChannel : IAsyncDisposable
{
    private const int MailboxSize = 4_096;
    private const int MaxLocales = 256;

    private readonly IChannelLog _log;
    private readonly ChannelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<LogEntry?> _mailbox;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, EncodedEntry> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Follower>> _followers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, EncodedEntry> _gone = new(StringComparer.Ordinal);
    private readonly Queue<EncodedEntry> _tail = new();
    private IAsyncDisposable? _subscription;
    private Task _pump = Task.CompletedTask;
    private ChannelHead _head = new("", 0, 0);
    private ChannelHead? _suspect;
    private int _followerCount;
    private long _idleSince;
    private bool _dropped;

    private LiveChannel(string name, IChannelLog log, ChannelOptions options, TimeProvider time, ILogger logger)
    {
        Name = name;
        _log = log;
        _options = options;
        _time = time;
        _logger = logger;
        _idleSince = time.GetTimestamp();
        // A full mailbox drops what comes: the next entry then shows a hole, or the watch does.
        _mailbox = Channel.CreateBounded<LogEntry?>(new BoundedChannelOptions(MailboxSize) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    }

    /// <summary>The channel's id.</summary>
    public string Name { get; }

    /// <summary>How many connections here follow it.</summary>
    public int Followers => Volatile.Read(ref _followerCount);

    /// <summary>How many connections here follow it in which language.</summary>
    public IReadOnlyDictionary<string, int> FollowersByLocale()
    {
        lock (_lock)
        {
            return _followers.Where(g => g.Value.Count > 0).ToDictionary(g => g.Key, g => g.Value.Count, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>The last position this node has applied.</summary>
    public ChannelHead Head => Volatile.Read(ref _head);

    /// <summary>Takes a copy of the channel and keeps it up to date; null where there is no such channel.</summary>
    public static async Task<LiveChannel?> LoadAsync(string name, IChannelLog log, ChannelOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var channel = new LiveChannel(name, log, options, time, logger);
        // First listen, then read: what is appended in between comes twice, never not at all.
        channel._subscription = await log.SubscribeAsync(name, entry => channel._mailbox.Writer.TryWrite(entry), cancellationToken);
        try
        {
            if (await log.ReadAsync(name, since: null, cancellationToken) is not { } read)
            {
                await channel.DisposeAsync();
                return null;
            }

            channel.Replace(read);
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }

        channel._pump = Task.Run(channel.PumpAsync, CancellationToken.None);
        return channel;
    }

    /// <summary>The current entry of an item, or null.</summary>
    public EncodedEntry? Find(string key) => _items.GetValueOrDefault(key);

    /// <summary>The current entries of a kind.</summary>
    public IReadOnlyList<EncodedEntry> ItemsOf(string kind) => [.. _items.Values.Where(e => string.Equals(e.Entry.Item.Kind, kind, StringComparison.Ordinal))];

    /// <summary>Adds a follower at one exact point of the channel, and gives what brings its client there; null where the channel has just been let go of: load it again.</summary>
    public EncodedFollowReply? Follow(FanConnection connection, Position? since, string? locale, bool awaitsReply)
    {
        lock (_lock)
        {
            if (_dropped)
            {
                return null;
            }

            Remove(connection);
            Add(connection, locale ?? "");
            var recovered = since is not null
                && string.Equals(since.Epoch, _head.Epoch, StringComparison.Ordinal)
                && since.Offset <= _head.Offset
                && since.Offset >= _head.Offset - _tail.Count;
            var entries = recovered
                ? _tail.Skip((int)(since!.Offset - (_head.Offset - _tail.Count))).Concat(LatestItems()).Concat(_gone.Values)
                : _items.Values.OrderBy(e => e.Entry.Revision);
            if (awaitsReply)
            {
                connection.Hold();
            }

            return new EncodedFollowReply(Name, _head.Epoch, _head.Offset, recovered, Encode(entries, locale, connection), awaitsReply ? connection : null);
        }
    }

    /// <summary>Ends following. Harmless for who does not follow.</summary>
    public void Unfollow(FanConnection connection)
    {
        lock (_lock)
        {
            Remove(connection);
        }
    }

    /// <summary>Sends the gated items that have just become visible to a connection.</summary>
    public void SendGated(FanConnection connection, string gate)
    {
        lock (_lock)
        {
            if (!connection.Following.TryGetValue(Name, out var follower))
            {
                return;
            }

            foreach (var item in _items.Values.Where(e => string.Equals(e.Entry.Item.Gate, gate, StringComparison.Ordinal)))
            {
                connection.Send(item.Frame(follower.Locale));
            }
        }
    }

    /// <summary>The items that everybody may see, at one moment.</summary>
    public (ChannelHead Head, IReadOnlyList<ReadOnlyMemory<byte>> Items) Snapshot(string? locale)
    {
        lock (_lock)
        {
            return (_head, Encode(_items.Values.OrderBy(e => e.Entry.Revision), locale, connection: null));
        }
    }

    /// <summary>Compares with where the log says the channel stands. A difference that is still there at the next comparison is a hole, not just news on its way.</summary>
    /// <param name="head">Null where the log does not know the channel (any more): what is held stays until it does.</param>
    /// <param name="before">What this node had applied when the log was asked.</param>
    /// <param name="sure">True right after the log was away: then a difference is a hole at once.</param>
    /// <returns>True where the log has come back with less than this node has seen: its epoch is to be fenced off.</returns>
    public bool Compare(ChannelHead? head, ChannelHead before, bool sure)
    {
        var now = Head;
        if (head is null || head == now)
        {
            _suspect = null;
            return false;
        }

        var suspect = _suspect;
        _suspect = head;
        var sameEpoch = string.Equals(head.Epoch, now.Epoch, StringComparison.Ordinal);
        var behind = sameEpoch && string.Equals(before.Epoch, head.Epoch, StringComparison.Ordinal) && head.Revision < before.Revision;
        var stuck = suspect is not null && (sameEpoch ? suspect.Revision > now.Revision : string.Equals(suspect.Epoch, head.Epoch, StringComparison.Ordinal));
        if (sure || stuck)
        {
            CatchUpSoon();
        }

        return behind;
    }

    /// <summary>Reads what is missing from the log, in its turn.</summary>
    public void CatchUpSoon() => _mailbox.Writer.TryWrite(null);

    /// <summary>Lets go of the channel if nobody has followed it for a while.</summary>
    public bool DropIfIdle()
    {
        lock (_lock)
        {
            _dropped = _dropped || (_followerCount == 0 && _time.GetElapsedTime(_idleSince) > _options.Linger);
            return _dropped;
        }
    }

    /// <summary>Notes that somebody used the channel without following it.</summary>
    public void Touch() => Volatile.Write(ref _idleSince, _time.GetTimestamp());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _mailbox.Writer.TryComplete();
        if (_subscription is not null)
        {
            await _subscription.DisposeAsync();
        }

        await _pump;
        _stop.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (var entry in _mailbox.Reader.ReadAllAsync(_stop.Token))
            {
                try
                {
                    if (entry is null || !TryApply(entry))
                    {
                        await CatchUpAsync();
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
                {
                    // One entry that cannot be read must not silence the channel for those behind it.
                    EntryFailed(_logger, Name, entry?.Item.Key, e);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The channel was let go of.
        }
    }

    /// <returns>False where something before it is missing.</returns>
    private bool TryApply(LogEntry entry)
    {
        lock (_lock)
        {
            if (!string.Equals(entry.Epoch, _head.Epoch, StringComparison.Ordinal))
            {
                return false;
            }

            if (entry.Item.Class == DeliveryClass.Fleeting)
            {
                Deliver(new EncodedEntry(Name, entry));
                return true;
            }

            if (entry.Revision <= _head.Revision)
            {
                return true;
            }

            if (entry.Revision != _head.Revision + 1)
            {
                return false;
            }

            Apply(entry);
            _head = new ChannelHead(entry.Epoch, entry.Offset, entry.Revision);
            return true;
        }
    }

    private async Task CatchUpAsync()
    {
        var backoff = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            try
            {
                var head = Head;
                if (await _log.ReadAsync(Name, new Position(head.Epoch, head.Offset), _stop.Token) is { } read && read.Head != head)
                {
                    CatchUp(read);
                }

                return;
            }
            catch (LogUnavailableException)
            {
                // The watch will find the hole again; trying a few times at once only closes it sooner.
                if (backoff > TimeSpan.FromSeconds(1))
                {
                    return;
                }

                await Task.Delay(backoff * (0.5 + Random.Shared.NextDouble()), _time, _stop.Token);
                backoff *= 2;
            }
        }
    }

    private void CatchUp(ChannelRead read)
    {
        lock (_lock)
        {
            if (!read.Recovered || read.Head.Revision < _head.Revision)
            {
                Replaced(_logger, Name, _head.Epoch, _head.Offset, read.Head.Epoch, read.Head.Offset);
                Replace(read);
                Resync();
                return;
            }

            Filled(_logger, Name, read.Logged.Count, _head.Offset);
            var missed = read.Logged
                .Concat(read.Items.Where(e => e.Item.Class == DeliveryClass.Latest))
                .Concat(read.Gone)
                .Where(e => e.Revision > _head.Revision)
                .OrderBy(e => e.Revision);
            foreach (var entry in missed)
            {
                Apply(entry);
            }

            _head = read.Head;
        }
    }

    private void Apply(LogEntry entry)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "Items and followers change together.");
        var encoded = new EncodedEntry(Name, entry);
        if (entry.Item.Class == DeliveryClass.Logged)
        {
            _tail.Enqueue(encoded);
            while (_tail.Count > _options.LogLength)
            {
                _tail.Dequeue();
            }
        }

        if (!entry.Item.Removes)
        {
            _items[entry.Item.Key] = encoded;
            _gone.Remove(entry.Item.Key);
        }
        else
        {
            _items.TryRemove(entry.Item.Key, out _);
            if (entry.Item.Class == DeliveryClass.Latest)
            {
                _gone[entry.Item.Key] = encoded;
                ForgetGone();
            }
        }

        Deliver(encoded);
    }

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

    private void Replace(ChannelRead read)
    {
        _head = read.Head;
        _items.Clear();
        _gone.Clear();
        _tail.Clear();
        // Items outlive an epoch, and are sent under the one that the snapshot is of.
        foreach (var entry in read.Items)
        {
            _items[entry.Item.Key] = new EncodedEntry(Name, entry with { Epoch = read.Head.Epoch });
        }

        foreach (var entry in read.Gone)
        {
            _gone[entry.Item.Key] = new EncodedEntry(Name, entry with { Epoch = read.Head.Epoch });
        }

        foreach (var entry in read.Logged)
        {
            _tail.Enqueue(new EncodedEntry(Name, entry));
        }
    }

    /// <summary>Tells every follower to start again from the snapshot that comes right behind.</summary>
    private void Resync()
    {
        var notice = Frame.Notice(new Notice(NoticeCodes.Resync, "The channel starts again from a snapshot.", Channel: Name, Epoch: _head.Epoch, Offset: _head.Offset));
        var items = _items.Values.OrderBy(e => e.Entry.Revision).ToList();
        foreach (var (locale, group) in _followers)
        {
            foreach (var follower in group)
            {
                follower.Connection.Send(notice);
                foreach (var item in items.Where(i => Visible(i, follower.Connection)))
                {
                    follower.Connection.Send(item.Frame(locale));
                }
            }
        }
    }

    private void Deliver(EncodedEntry entry)
    {
        foreach (var (locale, group) in _followers)
        {
            var frame = entry.Frame(locale);
            var gate = entry.Entry.Item.Gate;
            foreach (var follower in group)
            {
                if (gate is null || follower.Connection.HasGate(gate))
                {
                    follower.Connection.Send(frame);
                }
            }
        }
    }

    private IEnumerable<EncodedEntry> LatestItems() =>
        _items.Values.Where(e => e.Entry.Item.Class == DeliveryClass.Latest).OrderBy(e => e.Entry.Revision);

    private static bool Visible(EncodedEntry entry, FanConnection? connection) =>
        entry.Entry.Item.Gate is not { } gate || (connection is not null && connection.HasGate(gate));

    private static List<ReadOnlyMemory<byte>> Encode(IEnumerable<EncodedEntry> entries, string? locale, FanConnection? connection) =>
        [.. entries.Where(e => Visible(e, connection)).Select(e => e.Update(locale))];

    private void Add(FanConnection connection, string locale)
    {
        if (!_followers.TryGetValue(locale, out var group))
        {
            // Made-up languages must not make made-up work; past any real number of them the items' default serves.
            locale = _followers.Count < MaxLocales ? locale : "";
            group = _followers.TryGetValue(locale, out var existing) ? existing : _followers[locale] = [];
        }

        var follower = new Follower(connection, locale, group) { Index = group.Count };
        group.Add(follower);
        connection.Following[Name] = follower;
        _followerCount++;
    }

    private void Remove(FanConnection connection)
    {
        if (!connection.Following.TryRemove(Name, out var follower))
        {
            return;
        }

        var last = follower.Group[^1];
        follower.Group[follower.Index] = last;
        last.Index = follower.Index;
        follower.Group.RemoveAt(follower.Group.Count - 1);
        _followerCount--;
        if (_followerCount == 0)
        {
            Touch();
            _followers.Clear();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} starts again: held {HeldEpoch}/{HeldOffset}, the log has {Epoch}/{Offset}")]
    private static partial void Replaced(ILogger logger, string channel, string heldEpoch, long heldOffset, string epoch, long offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "Channel {Channel}: filled a hole of {Count} logged updates after offset {Offset} from the log")]
    private static partial void Filled(ILogger logger, string channel, int count, long offset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Channel {Channel}: an update of {Key} could not be relayed")]
    private static partial void EntryFailed(ILogger logger, string channel, string? key, Exception exception);
}
