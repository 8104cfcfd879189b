using System.Threading.Channels;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using Microsoft.Extensions.Logging;

namespace FanHub.Realtime.Channels;

/// <summary>
/// This node's copy of one channel, and the connections here that follow it. Updates go out in the log's order: what does not follow the last one seen waits until the hole
/// has been filled from the log.
/// </summary>
internal sealed partial class LiveChannel : IAsyncDisposable, IThreadPoolWorkItem
{
    private const int MailboxSize = 4_096;
    private const int MaxReplyBytes = 1024 * 1024;

    private readonly IChannelLog _log;
    private readonly ChannelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<LogEntry?> _mailbox;
    private readonly CancellationTokenSource _stop = new();
    // Whose turn it is to work through the mailbox; nobody's before the channel has been loaded, and after it was let go of.
    private readonly SemaphoreSlim _turn = new(0, 1);
    private readonly Lock _lock = new();
    private readonly ChannelReplica _replica;
    private readonly ChannelFollowers _followers;
    // What Follow answers until the next change: whoever comes back in a storm asks for one of a few things.
    private readonly Dictionary<(Position? Since, string Locale), byte[]> _replies = [];
    private IAsyncDisposable? _subscription;
    private bool _loaded;
    private ChannelHead? _suspect;
    private int _replyBytes;
    private long _changes;
    private long _idleSince;
    private bool _dropped;

    private LiveChannel(string name, IChannelLog log, ChannelOptions options, int walkers, TimeProvider time, ILogger logger)
    {
        Name = name;
        _log = log;
        _options = options;
        _time = time;
        _logger = logger;
        _replica = new ChannelReplica(name, options.LogLength, options.LogBytes);
        _followers = new ChannelFollowers(name, walkers);
        _idleSince = time.GetTimestamp();
        // A full mailbox drops what comes: the next entry then shows a hole, or the watch does.
        _mailbox = Channel.CreateBounded<LogEntry?>(new BoundedChannelOptions(MailboxSize) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    }

    /// <summary>The channel's id.</summary>
    public string Name { get; }

    /// <summary>How many connections here follow it.</summary>
    public int Followers => _followers.Count;

    /// <summary>How many connections here follow it in which language.</summary>
    public IReadOnlyDictionary<string, int> FollowersByLocale()
    {
        lock (_lock)
        {
            return _followers.ByLocale();
        }
    }

    /// <summary>The last position this node has applied.</summary>
    public ChannelHead Head => _replica.Head;

    /// <summary>Takes a copy of the channel and keeps it up to date; null where there is no such channel.</summary>
    public static async Task<LiveChannel?> LoadAsync(string name, IChannelLog log, ChannelOptions options, int walkers, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var channel = new LiveChannel(name, log, options, walkers, time, logger);
        // First listen, then read: what is appended in between comes twice, never not at all.
        channel._subscription = await log.SubscribeAsync(name, channel.Receive, cancellationToken);
        try
        {
            if (await log.ReadAsync(name, since: null, cancellationToken) is not { } read)
            {
                await channel.DisposeAsync();
                return null;
            }

            channel._replica.Replace(read);
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }

        channel._loaded = true;
        channel._turn.Release();
        channel.WorkIfNobodyDoes();
        return channel;
    }

    /// <summary>The current entry of an item, or null.</summary>
    public EncodedEntry? Find(string key) => _replica.Find(key);

    /// <summary>What an item said before, as far back as this node holds the log; the newest first.</summary>
    public IReadOnlyList<EncodedEntry> Earlier(string key)
    {
        lock (_lock)
        {
            return _replica.Earlier(key);
        }
    }

    /// <summary>The current entries of a kind.</summary>
    public IReadOnlyList<EncodedEntry> ItemsOf(string kind) => _replica.ItemsOf(kind);

    /// <summary>Adds a follower at one exact point of the channel, and gives what brings its client there; null where the channel has just been let go of: load it again.</summary>
    public EncodedFollowReply? Follow(FanConnection connection, FollowRequest request)
    {
        lock (_lock)
        {
            if (_dropped)
            {
                return null;
            }

            _followers.Remove(connection);
            _followers.Add(connection, request.Locale ?? "", request.DelayMs ?? 0, since: _changes);
            if (request.AwaitsReply)
            {
                connection.Hold();
            }

            return new EncodedFollowReply(Reply(connection, request.Since, request.Locale ?? ""), request.AwaitsReply ? connection : null);
        }
    }

    /// <summary>Ends following. Harmless for who does not follow.</summary>
    public void Unfollow(FanConnection connection)
    {
        lock (_lock)
        {
            if (_followers.Remove(connection))
            {
                Touch();
            }
        }
    }

    /// <summary>Sends the gated items that have just become visible to a connection.</summary>
    public void SendGated(FanConnection connection, string gate)
    {
        lock (_lock)
        {
            if (connection.Following.Find(Name) is not { } follower)
            {
                return;
            }

            foreach (var item in _replica.Items.Where(e => string.Equals(e.Entry.Item.Gate, gate, StringComparison.Ordinal)))
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
            return (_replica.Head, Encode(_replica.Items, locale, connection: null));
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
    public void CatchUpSoon() => Receive(null);

    /// <summary>Lets go of the channel if nobody has followed it for a while.</summary>
    public bool DropIfIdle()
    {
        lock (_lock)
        {
            _dropped = _dropped || (_followers.Count == 0 && _time.GetElapsedTime(_idleSince) > _options.Linger);
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

        if (_loaded)
        {
            await _turn.WaitAsync();
        }

        _stop.Dispose();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => _ = WorkAsync();

    private byte[] Reply(FanConnection connection, Position? since, string locale)
    {
        // Who has passed a gate may see more than others.
        var shared = !connection.HasGates;
        if (shared && _replies.TryGetValue((since, locale), out var reply))
        {
            return reply;
        }

        var missed = since is null ? null : _replica.Since(since);
        reply = EncodedFollowReply.Encode(Name, _replica.Head, missed is not null, Encode(missed ?? _replica.Items, locale, connection));
        if (shared && _replyBytes + reply.Length <= MaxReplyBytes)
        {
            _replyBytes += reply.Length;
            _replies[(since, locale)] = reply;
        }

        return reply;
    }

    private void ForgetReplies()
    {
        _replies.Clear();
        _replyBytes = 0;
    }

    private void Receive(LogEntry? entry)
    {
        _mailbox.Writer.TryWrite(entry);
        WorkIfNobodyDoes();
    }

    private void WorkIfNobodyDoes()
    {
        if (!_turn.Wait(0, CancellationToken.None))
        {
            return;
        }

        if (_followers.AreFew)
        {
            _ = WorkAsync();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task WorkAsync()
    {
        do
        {
            try
            {
                while (!_stop.IsCancellationRequested && _mailbox.Reader.TryRead(out var entry))
                {
                    await DealWithAsync(entry);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The channel was let go of.
            }
            finally
            {
                _turn.Release();
            }
        }
        // Whoever brought something just before found the turn taken, and went away.
        while (!_stop.IsCancellationRequested && _mailbox.Reader.TryPeek(out _) && _turn.Wait(0, CancellationToken.None));
    }

    private async ValueTask DealWithAsync(LogEntry? entry)
    {
        try
        {
            if (entry is null || !await TryApplyAsync(entry))
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

    /// <returns>False where something before it is missing.</returns>
    private async ValueTask<bool> TryApplyAsync(LogEntry entry)
    {
        EncodedEntry encoded;
        long change;
        lock (_lock)
        {
            var head = _replica.Head;
            if (!string.Equals(entry.Epoch, head.Epoch, StringComparison.Ordinal))
            {
                return false;
            }

            if (entry.Item.Class == DeliveryClass.Fleeting)
            {
                // No part of what Follow answers: for everybody.
                (encoded, change) = (new EncodedEntry(Name, entry), long.MaxValue);
            }
            else if (entry.Revision <= head.Revision)
            {
                return true;
            }
            else if (entry.Revision != head.Revision + 1)
            {
                return false;
            }
            else
            {
                (encoded, change) = Apply(entry);
                _replica.Head = new ChannelHead(entry.Epoch, entry.Offset, entry.Revision);
            }
        }

        await _followers.DeliverAsync(encoded, change);
        return true;
    }

    /// <summary>Under the lock, with the head to be moved before it is let go: who follows from then on has been told.</summary>
    private (EncodedEntry Entry, long Change) Apply(LogEntry entry)
    {
        ForgetReplies();
        return (_replica.Apply(entry), ++_changes);
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
                    await CatchUpAsync(read);
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

    private async ValueTask CatchUpAsync(ChannelRead read)
    {
        List<(EncodedEntry Entry, long Change)> applied = [];
        IReadOnlyList<EncodedEntry>? all = null;
        long change;
        lock (_lock)
        {
            var head = _replica.Head;
            if (!read.Recovered || read.Head.Revision < head.Revision)
            {
                Replaced(_logger, Name, head.Epoch, head.Offset, read.Head.Epoch, read.Head.Offset);
                ForgetReplies();
                _replica.Replace(read);
                all = [.. _replica.Items];
                change = ++_changes;
            }
            else
            {
                Filled(_logger, Name, read.Logged.Count, head.Offset);
                var missed = ChannelReplica.WithoutRemoved(read.Logged)
                    .Concat(read.Items.Where(e => e.Item.Class == DeliveryClass.Latest))
                    .Concat(read.Gone)
                    .Where(e => e.Revision > head.Revision)
                    .OrderBy(e => e.Revision);
                foreach (var entry in missed)
                {
                    applied.Add(Apply(entry));
                }

                _replica.Head = read.Head;
                change = _changes;
            }
        }

        if (all is not null)
        {
            await _followers.ResyncAsync(read.Head, all, change);
            return;
        }

        foreach (var (entry, number) in applied)
        {
            await _followers.DeliverAsync(entry, number);
        }
    }

    private static List<ReadOnlyMemory<byte>> Encode(IEnumerable<EncodedEntry> entries, string? locale, FanConnection? connection) =>
        [.. entries.Where(e => ChannelFollowers.Sees(connection, e)).Select(e => e.Update(locale))];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} starts again: held {HeldEpoch}/{HeldOffset}, the log has {Epoch}/{Offset}")]
    private static partial void Replaced(ILogger logger, string channel, string heldEpoch, long heldOffset, string epoch, long offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "Channel {Channel}: filled a hole of {Count} logged updates after offset {Offset} from the log")]
    private static partial void Filled(ILogger logger, string channel, int count, long offset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Channel {Channel}: an update of {Key} could not be relayed")]
    private static partial void EntryFailed(ILogger logger, string channel, string? key, Exception exception);
}
