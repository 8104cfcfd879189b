using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Audience;

/// <summary>
/// Every few seconds: reports this node's followers, and, where the sum over all nodes has changed, publishes it as the channel's <c>audience</c> item. The node that comes
/// first in the order of ids does the publishing: no lock, and should two believe it, the board's clock as the version lets the newer count win.
/// </summary>
internal sealed partial class CountAudience(
    Node node, ChannelRelay relay, FanConnections connections, IAudienceBoard board, IChannelLog log, IOptions<AudienceOptions> options, TimeProvider time, ILogger<CountAudience> logger) : BackgroundService
{
    private Dictionary<string, AudienceItem> _published = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await board.RemoveAsync(node.Id, cancellationToken);
        }
        catch (LogUnavailableException)
        {
            // The report ages by itself.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var own = relay.Audience.ToDictionary(c => c.Key, c => Item(c.Value), StringComparer.Ordinal);
                var reading = await board.ReportAsync(new NodeAudience(node.Id, connections.Count, own), stoppingToken);
                if (string.Equals(reading.Nodes[0].Node, node.Id, StringComparison.Ordinal))
                {
                    await PublishAsync(reading, stoppingToken);
                }
                else
                {
                    _published.Clear();
                }
            }
            catch (LogUnavailableException)
            {
                // The relay tells; the next count comes soon.
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                CountingFailed(logger, e);
            }
        }
    }

    private async Task PublishAsync(AudienceReading reading, CancellationToken cancellationToken)
    {
        var published = new Dictionary<string, AudienceItem>(StringComparer.Ordinal);
        foreach (var (channel, audience) in reading.Channels)
        {
            if (!_published.TryGetValue(channel, out var last) || !Same(last, audience))
            {
                await log.AppendAsync(
                    channel,
                    new Item
                    {
                        Key = $"{ItemKinds.Audience}:{channel}",
                        Kind = ItemKinds.Audience,
                        Class = DeliveryClass.Latest,
                        Version = reading.At.ToUnixTimeMilliseconds(),
                        At = reading.At,
                        Data = JsonSerializer.SerializeToUtf8Bytes(audience, WireJson.Options),
                    },
                    cancellationToken: cancellationToken);
            }

            published[channel] = audience;
        }

        _published = published;
    }

    private static bool Same(AudienceItem one, AudienceItem other) =>
        one.Followers == other.Followers && one.Languages.Count == other.Languages.Count && one.Languages.All(l => other.Languages.GetValueOrDefault(l.Key) == l.Value);

    private static AudienceItem Item(IReadOnlyDictionary<string, int> byLocale) => new()
    {
        Followers = byLocale.Values.Sum(),
        Languages = byLocale
            .Where(l => l.Key.Length > 0)
            .GroupBy(l => l.Key.Split('-')[0].ToLowerInvariant(), l => l.Value, StringComparer.Ordinal)
            .ToDictionary(l => l.Key, l => l.Sum(), StringComparer.Ordinal),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Counting the audience failed")]
    private static partial void CountingFailed(ILogger logger, Exception exception);
}
