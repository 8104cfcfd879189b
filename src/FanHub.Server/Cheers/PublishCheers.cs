using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Cheers;

/// <summary>
/// Once a second: adds this node's taps to the board, and publishes the sums that it is the first to find over. No node leads; a sum is taken by one. Where nobody cheers,
/// nothing is asked or published.
/// </summary>
/// <remarks>
/// Nodes keep to the board's seconds, each at a moment of its own well within them, so that every node's taps are in every sum once: on the edge between two seconds they would
/// be there now twice and now not at all.
/// </remarks>
internal sealed partial class PublishCheers(CheerTaps taps, ICheerBoard board, IChannelLog log, TimeProvider time, ILogger<PublishCheers> logger) : BackgroundService
{
    private const int SecondMs = 1000;
    private static readonly IReadOnlyDictionary<string, long> Nothing = new Dictionary<string, long>();

    private readonly int _momentMs = Random.Shared.Next(200, 800);
    // Channels in which this node has added to a second that it has not seen the end of, with that second.
    private Dictionary<string, long> _open = new(StringComparer.Ordinal);
    private TimeSpan _boardAhead;

    /// <summary>How long until this node's moment in the board's next second.</summary>
    internal TimeSpan UntilNext
    {
        get
        {
            var ms = (time.GetUtcNow() + _boardAhead).ToUnixTimeMilliseconds() % SecondMs;
            return TimeSpan.FromMilliseconds(_momentMs - ms + (ms < _momentMs - (SecondMs / 10) ? 0 : SecondMs));
        }
    }

    /// <summary>Adds what was tapped, and publishes what is over.</summary>
    internal async Task TickAsync(CancellationToken cancellationToken)
    {
        var taken = taps.Take();
        var asked = taken.Keys.Union(_open.Keys, StringComparer.Ordinal).ToList();
        var still = await Task.WhenAll(asked.Select(c => TryExchangeAsync(c, taken.GetValueOrDefault(c, Nothing), cancellationToken)));
        _open = asked.Zip(still).Where(a => a.Second is not null).ToDictionary(a => a.First, a => a.Second!.Value, StringComparer.Ordinal);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(UntilNext, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await TickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>The second whose end is to be looked for in this channel; null for none.</returns>
    private async Task<long?> TryExchangeAsync(string channel, IReadOnlyDictionary<string, long> tapped, CancellationToken cancellationToken)
    {
        try
        {
            var reading = await board.AddAsync(channel, tapped, cancellationToken);
            _boardAhead = reading.At - time.GetUtcNow();
            foreach (var sum in reading.Sums)
            {
                await log.AppendAsync(channel, Item(channel, sum), cancellationToken: cancellationToken);
            }

            return tapped.Count > 0 ? reading.Second : _open.TryGetValue(channel, out var second) && second >= reading.Second ? second : null;
        }
        catch (LogUnavailableException)
        {
            // The relay tells. These cheers may be lost: they are worth nothing later. Whether they were added is not known, so that the board is asked once more.
            return tapped.Count > 0 || _open.ContainsKey(channel) ? 0 : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            CheeringFailed(logger, channel, e);
            return null;
        }
    }

    private static Item Item(string channel, CheerSum sum) => new()
    {
        Key = $"{ItemKinds.Cheer}:{channel}",
        Kind = ItemKinds.Cheer,
        Class = DeliveryClass.Fleeting,
        Version = sum.Second,
        // They were tapped before the end of the second.
        At = DateTimeOffset.FromUnixTimeSeconds(sum.Second + 1),
        Data = JsonSerializer.SerializeToUtf8Bytes(new CheerItem { Of = channel, Rates = sum.Taps, Seconds = 1 }, WireJson.Options),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "The cheers of {Channel} could not be published")]
    private static partial void CheeringFailed(ILogger logger, string channel, Exception exception);
}
