using System.Globalization;
using FanHub.Contracts;
using FanHub.Realtime.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace FanHub.Realtime.Channels;

/// <summary>Channels in Redis, shared by all nodes: a stream, a map of items and a notification, changed together by one script.</summary>
public sealed partial class RedisChannelLog(RedisConnection redis, IOptions<ChannelOptions> options, ILogger<RedisChannelLog> logger) : IChannelLog
{
    private static readonly RedisScript AppendScript = RedisScript.Embedded("append.lua");
    private static readonly RedisScript ReadScript = RedisScript.Embedded("read.lua");
    private static readonly RedisScript CreateScript = RedisScript.Embedded("create.lua");
    private static readonly RedisScript FenceScript = RedisScript.Embedded("fence.lua");
    private static readonly RedisScript VouchScript = RedisScript.Embedded("vouch.lua");
    private static readonly RedisScript HeadsScript = RedisScript.Embedded("heads.lua");
    // Keeps Redis from everybody else for some 100 us.
    private const int HeadsAtATime = 128;

    /// <inheritdoc/>
    public Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default) => Guarded(async () =>
        (long)await CreateScript.RunAsync(redis.Database, Keys(channel), [Epochs.New()], cancellationToken) == 1);

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        item.ThrowIfTooLarge();
        RedisKey[] keys = [.. Keys(channel), redis.Keys.ChannelIdempotency(channel, idempotencyKey ?? "")];
        RedisValue[] arguments =
        [
            LogEntryJson.Name(item.Class),
            item.Key,
            item.Version,
            item.Removes ? "1" : "0",
            LogEntryJson.Body(item),
            Kept(item),
            Epochs.New(),
            idempotencyKey is null ? "0" : ((long)options.Value.IdempotencyWindow.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            redis.Keys.ChannelNotify(channel),
            ChannelOptions.GoneLimit,
        ];
        return Guarded(async () =>
        {
            var reply = (RedisResult[])await AppendScript.RunAsync(redis.Database, keys, arguments, cancellationToken);
            return new AppendResult((AppendOutcome)(int)reply[0], (string)reply[1], (long)reply[2]);
        });
    }

    /// <summary>How many entries the stream may keep: it can count them, and not weigh them, so they are taken to be as large as this one.</summary>
    private int Kept(Item item) => Math.Min(options.Value.LogLength, Math.Max(ChannelOptions.FewestKept, options.Value.LogBytes / Math.Max(1, item.Data.Length)));

    /// <inheritdoc/>
    public Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default) => Guarded(async () =>
        (long)await FenceScript.RunAsync(redis.Database, Keys(channel), [epoch, Epochs.New()], cancellationToken) == 1);

    /// <inheritdoc/>
    public Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default) => Guarded(async () =>
        (long)await VouchScript.RunAsync(redis.Database, Keys(channel), [seen?.Epoch ?? "", seen?.Offset ?? 0, seen?.Revision ?? 0, Epochs.New()], cancellationToken) == 1);

    /// <inheritdoc/>
    public Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default) => Guarded(async () =>
    {
        var reply = await ReadScript.RunAsync(redis.Database, Keys(channel), [since?.Epoch ?? "", since?.Offset ?? 0], cancellationToken);
        if (reply.IsNull)
        {
            return null;
        }

        var parts = (RedisResult[])reply;
        return new ChannelRead
        {
            Head = new ChannelHead((string)parts[0], (long)parts[1], (long)parts[2]),
            Recovered = (int)parts[3] == 1,
            Logged = [.. ((RedisValue[])parts[4]).Select(v => LogEntryJson.Parse((byte[])v))],
            Items = Held(parts[5]),
            Gone = [.. Held(parts[6]).Where(e => e.Item.Class == DeliveryClass.Latest)],
        };
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default) => Guarded(async () =>
    {
        var heads = new ChannelHead?[channels.Count];
        var keys = channels.Select(c => (RedisKey)redis.Keys.ChannelHead(c)).ToArray();
        // Where Redis is a cluster, one script sees one slot only; otherwise all channels are in the same (none).
        await Task.WhenAll(Enumerable.Range(0, keys.Length).GroupBy(i => redis.SlotOf(keys[i])).SelectMany(g => g.Chunk(HeadsAtATime)).Select(ReadAsync));
        return (IReadOnlyList<ChannelHead?>)heads;

        async Task ReadAsync(int[] some)
        {
            var fields = (RedisResult[])await HeadsScript.RunAsync(redis.Database, Array.ConvertAll(some, i => keys[i]), [], cancellationToken);
            for (var i = 0; i < some.Length; i++)
            {
                var head = (RedisValue[])fields[i];
                heads[some[i]] = head[0].IsNull ? null : new ChannelHead(head[0]!, (long)head[1], (long)head[2]);
            }
        }
    });

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default) => Guarded(async () =>
    {
        RedisChannel name = redis.Keys.ChannelNotify(channel);
        Action<RedisChannel, RedisValue> handler = (_, message) =>
        {
            try
            {
                onEntry(LogEntryJson.Parse((byte[])message!));
            }
            catch (FormatException e)
            {
                // Whoever else writes to this Redis must not take the node down; the watch finds what is really there.
                UnreadableNotification(logger, channel, e);
            }
        };
        var subscribed = redis.Subscriber.SubscribeAsync(name, handler);
        await RedisConnection.WithinLimit(Completed(subscribed), cancellationToken);
        return (IAsyncDisposable)new Subscription(redis, name, handler);
    });

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }

    private static List<LogEntry> Held(RedisResult values) =>
        [.. ((RedisValue[])values).Select(v => ParseHeld((byte[])v!)).OrderBy(e => e.Revision)];

    private static LogEntry ParseHeld(byte[] value) => LogEntryJson.Parse(value.AsMemory(Array.IndexOf(value, (byte)' ') + 1));

    private static async Task<T> Guarded<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e))
        {
            throw new LogUnavailableException("Redis is away or did not answer in time.", e);
        }
    }

    private RedisKey[] Keys(string channel) =>
        [redis.Keys.ChannelHead(channel), redis.Keys.ChannelLog(channel), redis.Keys.ChannelItems(channel), redis.Keys.ChannelGone(channel)];

    [LoggerMessage(Level = LogLevel.Error, Message = "A notification on channel {Channel} could not be read")]
    private static partial void UnreadableNotification(ILogger logger, string channel, Exception exception);

    private sealed class Subscription(RedisConnection redis, RedisChannel name, Action<RedisChannel, RedisValue> handler) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await RedisConnection.WithinLimit(Completed(redis.Subscriber.UnsubscribeAsync(name, handler)));
            }
            catch (Exception e) when (RedisConnection.IsUnavailable(e))
            {
                // Without a connection there is no subscription to end; the library forgot the handler before it asked.
            }
        }
    }
}
