using System.Collections.Concurrent;
using FanHub.Contracts;
using Microsoft.Extensions.Options;

namespace FanHub.Realtime.Channels;

/// <summary>Channels in this process alone. They begin a new epoch whenever the process starts.</summary>
public sealed class InMemoryChannelLog(IOptions<ChannelOptions> options, TimeProvider time) : IChannelLog
{
    private readonly ConcurrentDictionary<string, Log> _logs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Subscribers> _subscribers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default)
    {
        var created = new Log();
        return Task.FromResult(ReferenceEquals(_logs.GetOrAdd(channel, created), created));
    }

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        item.ThrowIfTooLarge();
        if (!_logs.TryGetValue(channel, out var log))
        {
            if (item.Class == DeliveryClass.Fleeting)
            {
                return Task.FromResult(new AppendResult(AppendOutcome.NoChannel, "", 0));
            }

            log = _logs.GetOrAdd(channel, static _ => new Log());
        }

        lock (log)
        {
            return Task.FromResult(Append(channel, log, item, idempotencyKey));
        }
    }

    /// <inheritdoc/>
    public Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default)
    {
        if (!_logs.TryGetValue(channel, out var log))
        {
            return Task.FromResult(false);
        }

        lock (log)
        {
            if (!string.Equals(log.Epoch, epoch, StringComparison.Ordinal))
            {
                return Task.FromResult(false);
            }

            log.BeginEpoch();
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Nothing outlives this process: a log that is here is the one that it was, and has all that anybody saw of it.</remarks>
    public Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <inheritdoc/>
    public Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default)
    {
        if (!_logs.TryGetValue(channel, out var log))
        {
            return Task.FromResult<ChannelRead?>(null);
        }

        lock (log)
        {
            // Offsets in the log are consecutive, so that a position is an index.
            var first = log.Offset - log.Logged.Count;
            var recovered = since is not null && string.Equals(since.Epoch, log.Epoch, StringComparison.Ordinal) && since.Offset >= first && since.Offset <= log.Offset;
            return Task.FromResult<ChannelRead?>(new ChannelRead
            {
                Head = log.Head,
                Recovered = recovered,
                Logged = recovered ? log.Logged.Skip((int)(since!.Offset - first)).ToList() : [.. log.Logged],
                Items = [.. log.Items.Values.OrderBy(e => e.Revision)],
                Gone = [.. log.Gone.Values.Where(e => e.Item.Class == DeliveryClass.Latest).OrderBy(e => e.Revision)],
            });
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var heads = new ChannelHead?[channels.Count];
        for (var i = 0; i < heads.Length; i++)
        {
            if (_logs.TryGetValue(channels[i], out var log))
            {
                lock (log)
                {
                    heads[i] = log.Head;
                }
            }
        }

        return Task.FromResult<IReadOnlyList<ChannelHead?>>(heads);
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default)
    {
        // A subscription may come before the channel does.
        var subscribers = _subscribers.GetOrAdd(channel, static _ => new Subscribers());
        subscribers.Add(onEntry);
        return Task.FromResult<IAsyncDisposable>(new Subscription(subscribers, onEntry));
    }

    private AppendResult Append(string channel, Log log, Item item, string? idempotencyKey)
    {
        var now = time.GetUtcNow();
        log.ForgetIdempotency(now);
        if (idempotencyKey is not null && log.Once.TryGetValue(idempotencyKey, out var earlier))
        {
            return new AppendResult(AppendOutcome.Repeated, log.Epoch, earlier);
        }

        if (item.Class != DeliveryClass.Fleeting)
        {
            if ((log.Items.TryGetValue(item.Key, out var held) || log.Gone.TryGetValue(item.Key, out held)) && held.Item.Version >= item.Version)
            {
                return new AppendResult(AppendOutcome.Superseded, log.Epoch, log.Offset);
            }

            log.Revision++;
            log.Offset += item.Class == DeliveryClass.Logged ? 1 : 0;
        }

        var entry = new LogEntry(log.Epoch, log.Offset, log.Revision, item);
        if (item.Class != DeliveryClass.Fleeting)
        {
            log.Keep(entry, options.Value);
        }

        if (idempotencyKey is not null)
        {
            log.Remember(idempotencyKey, log.Offset, now + options.Value.IdempotencyWindow);
        }

        if (_subscribers.TryGetValue(channel, out var subscribers))
        {
            subscribers.Notify(entry);
        }

        return new AppendResult(AppendOutcome.Appended, log.Epoch, entry.Offset);
    }

    private sealed class Log
    {
        private readonly Queue<(string Key, DateTimeOffset Until)> _onceOrder = new();

        private long _loggedBytes;

        public string Epoch { get; private set; } = Epochs.New();

        public long Offset { get; set; }

        public long Revision { get; set; }

        public Queue<LogEntry> Logged { get; } = new();

        public Dictionary<string, LogEntry> Items { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, LogEntry> Gone { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> Once { get; } = new(StringComparer.Ordinal);

        public ChannelHead Head => new(Epoch, Offset, Revision);

        public void BeginEpoch()
        {
            Epoch = Epochs.New();
            Logged.Clear();
            _loggedBytes = 0;
        }

        public void Keep(LogEntry entry, ChannelOptions options)
        {
            if (entry.Item.Class == DeliveryClass.Logged)
            {
                Logged.Enqueue(entry);
                _loggedBytes += entry.Item.Data.Length;
                while (Logged.Count > options.LogLength || (_loggedBytes > options.LogBytes && Logged.Count > ChannelOptions.FewestKept))
                {
                    _loggedBytes -= Logged.Dequeue().Item.Data.Length;
                }
            }

            if (!entry.Item.Removes)
            {
                Items[entry.Item.Key] = entry;
                Gone.Remove(entry.Item.Key);
                return;
            }

            Items.Remove(entry.Item.Key);
            Gone[entry.Item.Key] = entry;
            if (Gone.Count > ChannelOptions.GoneLimit)
            {
                foreach (var old in Gone.Values.Where(e => e.Offset < Offset - Logged.Count).Select(e => e.Item.Key).ToList())
                {
                    Gone.Remove(old);
                }
            }
        }

        public void Remember(string key, long offset, DateTimeOffset until)
        {
            Once[key] = offset;
            _onceOrder.Enqueue((key, until));
        }

        public void ForgetIdempotency(DateTimeOffset now)
        {
            while (_onceOrder.TryPeek(out var oldest) && oldest.Until < now)
            {
                Once.Remove(_onceOrder.Dequeue().Key);
            }
        }
    }

    private sealed class Subscribers
    {
        private readonly Lock _changing = new();
        private Action<LogEntry>[] _all = [];

        public void Add(Action<LogEntry> onEntry) => Change(all => [.. all, onEntry]);

        public void Remove(Action<LogEntry> onEntry) => Change(all => [.. all.Where(s => s != onEntry)]);

        public void Notify(LogEntry entry)
        {
            foreach (var subscriber in Volatile.Read(ref _all))
            {
                subscriber(entry);
            }
        }

        private void Change(Func<Action<LogEntry>[], Action<LogEntry>[]> change)
        {
            lock (_changing)
            {
                Volatile.Write(ref _all, change(_all));
            }
        }
    }

    private sealed class Subscription(Subscribers subscribers, Action<LogEntry> onEntry) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            subscribers.Remove(onEntry);
            return ValueTask.CompletedTask;
        }
    }
}
