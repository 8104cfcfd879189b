using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using FanHub.Realtime.Redis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace FanHub.Realtime.Backplane;

/// <summary>
/// Sends and receives messages between nodes. What comes is put into a bounded queue at once, because Redis' own thread, which also completes all other commands, must not wait for anything.
/// </summary>
internal sealed class RedisBus : IAsyncDisposable
{
    private static readonly TimeSpan EchoInterval = TimeSpan.FromMilliseconds(100);

    private readonly RedisConnection _redis;
    private readonly string _node;
    private readonly byte[] _self;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _echoes = new(StringComparer.Ordinal);
    private readonly Action<BackplaneMessage> _handle;
    private readonly ILogger _logger;
    private readonly Channel<byte[]> _received;
    private readonly Action<RedisChannel, RedisValue> _onMessage;
    private readonly Task _pump;
    private long _lost;

    /// <param name="redis">The connection; not this object's to close.</param>
    /// <param name="node">This node; what it sends itself does not come back.</param>
    /// <param name="maxReceived">How many messages may wait to be handled.</param>
    /// <param name="handle">Called with one message after the other; must not block.</param>
    /// <param name="logger">For what goes wrong.</param>
    public RedisBus(RedisConnection redis, string node, int maxReceived, Action<BackplaneMessage> handle, ILogger logger)
    {
        _redis = redis;
        _node = node;
        _self = Encoding.UTF8.GetBytes(node);
        _handle = handle;
        _logger = logger;
        _received = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(maxReceived) { SingleReader = true });
        _onMessage = (_, message) => Receive((byte[])message!);
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Listens to a channel, and comes back when it hears itself there. Where Redis is away, that begins when it is back: the client library remembers it.</summary>
    public async Task ListenAsync(string channel)
    {
        try
        {
            await RedisConnection.WithinLimit(Completed(ListenAndHearAsync(channel)));
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e) || e is BackplaneUnavailableException)
        {
            BackplaneLog.NotSubscribed(_logger, channel, e);
        }
    }

    /// <summary>Listens no more.</summary>
    public async Task StopListeningAsync(string channel)
    {
        try
        {
            await RedisConnection.WithinLimit(Completed(_redis.Subscriber.UnsubscribeAsync(Literal(channel), _onMessage)));
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e))
        {
            // Without a connection there is no subscription to end; the library forgot the handler before it asked.
            BackplaneLog.NotUnsubscribed(_logger, channel, e);
        }
    }

    /// <summary>Sends a message to whoever listens to a channel; comes back when Redis has it.</summary>
    /// <exception cref="BackplaneUnavailableException">Redis is away, or did not answer in time.</exception>
    public async Task PublishAsync(string channel, BackplaneMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            // As a key: a cluster passes messages on from any of its servers, but only those that went to the same one stay in order.
            await RedisConnection.WithinLimit(_redis.Database.ExecuteAsync("PUBLISH", (RedisKey)channel, (RedisValue)message.ToBytes()), cancellationToken);
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new BackplaneUnavailableException("Redis is away or did not answer in time: connections of other nodes may not have been reached.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _received.Writer.TryComplete();
        await _pump;
    }

    // Names of groups are anybody's; none may be taken for a pattern.
    private static RedisChannel Literal(string channel) => new(channel, RedisChannel.PatternMode.Literal);

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }

    // The library's word is not enough: while its second connection, the one that listens, is not up yet, it takes a subscription for made that it only has in mind.
    private async Task ListenAndHearAsync(string channel)
    {
        await _redis.Subscriber.SubscribeAsync(Literal(channel), _onMessage);
        var echo = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _echoes[echo] = heard;
        try
        {
            for (var begun = TimeSpan.Zero; begun < RedisConnection.CallTimeout && !heard.Task.IsCompleted; begun += EchoInterval)
            {
                await PublishAsync(channel, new BackplaneMessage { Kind = BackplaneKind.Echo, From = _node, Request = echo });
                await Task.WhenAny(heard.Task, Task.Delay(EchoInterval));
            }

            if (!heard.Task.IsCompleted)
            {
                throw new TimeoutException("Redis took the subscription, and nothing is heard.");
            }
        }
        finally
        {
            _echoes.TryRemove(echo, out _);
        }
    }

    private void Receive(byte[] message)
    {
        if (BackplaneMessage.IsEcho(message))
        {
            if (BackplaneMessage.IsFrom(message, _self) && _echoes.TryGetValue(BackplaneMessage.Parse(message).Request, out var heard))
            {
                heard.TrySetResult();
            }

            return;
        }

        if (BackplaneMessage.IsFrom(message, _self) || _received.Writer.TryWrite(message))
        {
            return;
        }

        var lost = Interlocked.Increment(ref _lost);
        if (lost == 1 || lost % 1000 == 0)
        {
            BackplaneLog.Lost(_logger, lost);
        }
    }

    private async Task PumpAsync()
    {
        await foreach (var bytes in _received.Reader.ReadAllAsync())
        {
            try
            {
                _handle(BackplaneMessage.Parse(bytes));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whoever else writes to this Redis must not silence the node.
                BackplaneLog.Unreadable(_logger, e);
            }
        }
    }
}
