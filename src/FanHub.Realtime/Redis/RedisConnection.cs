using StackExchange.Redis;

namespace FanHub.Realtime.Redis;

/// <summary>
/// This process's connection to Redis. It survives Redis being away: calls fail fast meanwhile, and it reconnects by itself, for ever.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    /// <summary>How long a single call may take before it counts as failed.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private readonly ConnectionMultiplexer _multiplexer;
    private volatile bool _closed;

    private RedisConnection(ConnectionMultiplexer multiplexer, RedisKeys keys)
    {
        _multiplexer = multiplexer;
        Keys = keys;
    }

    /// <summary>The names to use.</summary>
    public RedisKeys Keys { get; }

    /// <summary>For commands.</summary>
    /// <exception cref="ObjectDisposedException">It has been closed.</exception>
    public IDatabase Database => Open().GetDatabase();

    /// <summary>For publish/subscribe.</summary>
    /// <exception cref="ObjectDisposedException">It has been closed.</exception>
    public ISubscriber Subscriber => Open().GetSubscriber();

    /// <summary>Whether a connection is up right now.</summary>
    public bool IsConnected => _multiplexer.IsConnected;

    /// <summary>The part of a Redis Cluster that a key lives in: 0 to 16383, or the same number for all keys where Redis is no cluster. A script may use keys of one only.</summary>
    public int SlotOf(RedisKey key) => _multiplexer.HashSlot(key);

    /// <summary>Connects; returns even where Redis does not answer yet.</summary>
    /// <param name="configuration">A StackExchange.Redis configuration string.</param>
    /// <param name="keyPrefix">Prefix of all names.</param>
    public static async Task<RedisConnection> OpenAsync(string configuration, string keyPrefix)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = false;
        options.ClientName ??= "fanhub";
        options.ReconnectRetryPolicy = new LinearRetry(250);
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 2000);
        options.SyncTimeout = (int)CallTimeout.TotalMilliseconds;
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
        return new RedisConnection(multiplexer, new RedisKeys(keyPrefix));
    }

    /// <summary>Waits for a call, but not for longer than <see cref="CallTimeout"/>: the client library itself would wait for ever on a Redis that stopped answering.</summary>
    /// <exception cref="TimeoutException">There was no answer in time. Whether the command took effect is unknown.</exception>
    public static async Task<T> WithinLimit<T>(Task<T> call, CancellationToken cancellationToken = default)
    {
        try
        {
            return await call.WaitAsync(CallTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Its failure, if it comes, has nobody left to be told to.
            _ = call.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Whether an exception means "Redis is away or did not answer", as opposed to a mistake of ours.</summary>
    public static bool IsUnavailable(Exception exception) => exception
        is RedisConnectionException or TimeoutException or ObjectDisposedException or TaskCanceledException
        || (exception is RedisServerException e && IsTransient(e.Message));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await _multiplexer.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
    }

    // The library answers a call on a closed connection with whatever it stumbles over.
    private ConnectionMultiplexer Open()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return _multiplexer;
    }

    private static bool IsTransient(string message) =>
        message.StartsWith("LOADING", StringComparison.Ordinal)
        || message.StartsWith("READONLY", StringComparison.Ordinal)
        || message.StartsWith("MASTERDOWN", StringComparison.Ordinal)
        || message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal)
        || message.StartsWith("TRYAGAIN", StringComparison.Ordinal)
        || message.StartsWith("BUSY", StringComparison.Ordinal)
        || message.StartsWith("NOREPLICAS", StringComparison.Ordinal)
        || message.StartsWith("MISCONF", StringComparison.Ordinal)
        || message.StartsWith("OOM", StringComparison.Ordinal);
}
