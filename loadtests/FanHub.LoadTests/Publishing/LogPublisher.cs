using System.Diagnostics;
using System.Globalization;
using System.Text;
using FanHub.Contracts;
using FanHub.LoadTests.Followers;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FanHub.LoadTests.Publishing;

/// <summary>Appends straight to channels' logs in Redis, as nodes do, so that no node has work but that of delivering.</summary>
internal sealed class LogPublisher : IUpdatePublisher, IAsyncDisposable
{
    private const string KeyPrefix = "fanhub";
    // A channel shows a handful of things, each of which changes many times.
    private const int Items = 10;

    private readonly RedisConnection _redis;
    private readonly RedisChannelLog _log;
    private readonly byte[] _data;

    private LogPublisher(RedisConnection redis, int bytes)
    {
        _redis = redis;
        _log = new RedisChannelLog(redis, Options.Create(new ChannelOptions()), NullLogger<RedisChannelLog>.Instance);
        const string Start = """{"title":"Load test","severity":"info","text":" """;
        _data = Encoding.UTF8.GetBytes(Start + new string('x', Math.Max(1, bytes - Start.Length - 2)) + "\"}");
    }

    /// <inheritdoc/>
    public string Way => "straight into the log in Redis";

    /// <summary>Connects.</summary>
    /// <param name="redis">As host:port.</param>
    /// <param name="bytes">How many bytes of data an update has.</param>
    public static async Task<LogPublisher> StartAsync(string redis, int bytes) => new(await RedisConnection.OpenAsync(redis, KeyPrefix), bytes);

    /// <inheritdoc/>
    public async Task<PublishedLog> OpenAsync(string scenario, int updates, CancellationToken cancellationToken)
    {
        var log = new PublishedLog($"loadtest.{scenario}.{Guid.NewGuid():N}");
        await _log.CreateAsync(log.Channel, cancellationToken);
        return log;
    }

    /// <inheritdoc/>
    public async Task PublishAsync(PublishedLog log, CancellationToken cancellationToken)
    {
        var (item, version) = (log.Count % Items, 1 + (log.Count / Items));
        var key = string.Create(CultureInfo.InvariantCulture, $"{ItemKinds.Announcement}:load-{item}");
        log.Publishing(key, version, Stopwatch.GetTimestamp());
        await _log.AppendAsync(
            log.Channel,
            new Item { Key = key, Kind = ItemKinds.Announcement, Class = DeliveryClass.Logged, Version = version, At = TimeProvider.System.GetUtcNow(), Data = _data },
            cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _redis.DisposeAsync();
}
