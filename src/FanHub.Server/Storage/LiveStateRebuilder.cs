using System.Collections.Concurrent;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FanHub.Server.Storage;

/// <summary>
/// Makes the live side hold what the database says fans should see: at start, and whenever a channel is found gone or in a new life (a restarted or emptied Redis). Safe to
/// repeat at any time, on several nodes: a log refuses what is not newer than what it has.
/// </summary>
/// <remarks>
/// It also vouches for the channels' logs (<see cref="IChannelLog.VouchAsync"/>): after a start, when this node has not seen how far they had come, and with what it has seen after
/// an outage. Nothing is appended before. Where the live side is away at start, it goes on trying in the background; until it succeeded once, the node is not ready.
/// </remarks>
internal sealed partial class LiveStateRebuilder(IServiceScopeFactory scopes, IChannelLog log, IEnumerable<ILiveContent> content, EditorialDatabase database, TimeProvider time, ILogger<LiveStateRebuilder> logger)
    : BackgroundService, IHealthCheck
{
    private const int HeadsAtOnce = 500;
    private const int ChannelsAtOnce = 50;
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan VouchAnyway = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstAttempt = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _rebuilt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, ChannelHead> _seen = new(StringComparer.Ordinal);
    private bool _wasAway;
    private long? _vouchedAt;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));

    /// <summary>Completes when the live side has been rebuilt for the first time.</summary>
    public Task Rebuilt => _rebuilt.Task;

    /// <summary>Notes how far a channel has come, by what was appended to it: should its log ever be behind that, it has lost something.</summary>
    public void Saw(string channel, AppendResult appended)
    {
        if (appended.Outcome == AppendOutcome.NoChannel)
        {
            return;
        }

        _seen.AddOrUpdate(
            channel,
            static (_, a) => new ChannelHead(a.Epoch, a.Offset, 0),
            static (_, known, a) => string.Equals(known.Epoch, a.Epoch, StringComparison.Ordinal) ? known with { Offset = Math.Max(known.Offset, a.Offset) } : known,
            appended);
    }

    /// <summary>Tries once before the server listens, so that the first fans of an embedded server find their channels.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FirstAttempt);
        try
        {
            await RebuildAsync(limit.Token);
            _rebuilt.TrySetResult();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogAway(failure);
            _wasAway = true;
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Fans who come to this node find in Redis what there is, whether or not this node could compare it.
        var missing = database is { ServesFans: true, LiveSideIsShared: true } ? HealthStatus.Degraded : HealthStatus.Unhealthy;
        return Task.FromResult(Rebuilt.IsCompletedSuccessfully ? HealthCheckResult.Healthy() : new HealthCheckResult(missing, "The live side has not been rebuilt from the database yet."));
    }

    /// <summary>Brings channels that are new to this node, gone, or in a new life up to what the database says.</summary>
    internal async Task RebuildAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var channels = await db.Channels.AsNoTracking().Select(c => new { c.Id, c.DefaultLocale }).ToListAsync(cancellationToken);
        // Redis may be restarted, or another one take its place, too quickly for this node to notice: what it has seen is worth something only as long as it remembers it.
        var began = time.GetTimestamp();
        var vouch = _wasAway || _vouchedAt is not { } at || time.GetElapsedTime(at) >= VouchAnyway;
        foreach (var some in channels.Chunk(HeadsAtOnce))
        {
            // Before asking: what is appended meanwhile is no loss.
            var seen = some.Select(c => _seen.GetValueOrDefault(c.Id)).ToList();
            var heads = await log.HeadsAsync([.. some.Select(c => c.Id)], cancellationToken);
            // All at once: the client library sends them as one pipeline.
            var standings = await Task.WhenAll(some.Zip(heads, seen).Select(c => JudgeAsync(c.First.Id, c.Second, c.Third, vouch, cancellationToken)));
            if (standings.Count(s => s == Standing.Doubtful) is > 0 and var doubtful)
            {
                LogDoubtful(doubtful);
            }

            var differing = new List<(string Id, string DefaultLocale)>();
            foreach (var (channel, head, standing) in some.Zip(heads, standings))
            {
                // After an outage everything is compared: what was lost may be older than what this node has seen.
                if (standing == Standing.AsSeen && !_wasAway)
                {
                    _seen[channel.Id] = head!;
                }
                else
                {
                    differing.Add((channel.Id, channel.DefaultLocale));
                }
            }

            foreach (var several in differing.Chunk(ChannelsAtOnce))
            {
                await RebuildAsync(db, several, cancellationToken);
            }
        }

        _vouchedAt = vouch ? began : _vouchedAt;
        _wasAway = false;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = Rebuilt.IsCompleted ? Watch : _backoff.Next();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await RebuildAsync(stoppingToken);
                _rebuilt.TrySetResult();
                _backoff.Reset();
                wait = Watch;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(failure);
                _wasAway = true;
                wait = _backoff.Next();
            }
        }
    }

    /// <summary>Whether the channel is what this node has seen, and has gone on from there. Begins a new epoch where the log may be, or is, behind what somebody has seen of it.</summary>
    private async Task<Standing> JudgeAsync(string channel, ChannelHead? head, ChannelHead? known, bool vouch, CancellationToken cancellationToken)
    {
        if (head is null)
        {
            return Standing.Other;
        }

        if (!string.Equals(known?.Epoch, head.Epoch, StringComparison.Ordinal))
        {
            return await log.VouchAsync(channel, seen: null, cancellationToken) ? Standing.Doubtful : Standing.Other;
        }

        if (head.Revision < known!.Revision || head.Offset < known.Offset)
        {
            // What somebody follows is fenced by the nodes that serve them; a channel that nobody follows has only us.
            LogWentBack(channel, known.Epoch, known.Offset, head.Offset);
            await log.FenceAsync(channel, head.Epoch, cancellationToken);
            return Standing.Other;
        }

        return vouch && await log.VouchAsync(channel, head, cancellationToken) ? Standing.Doubtful : Standing.AsSeen;
    }

    private async Task RebuildAsync(FanHubDb db, IReadOnlyList<(string Id, string DefaultLocale)> channels, CancellationToken cancellationToken)
    {
        var wanted = new LiveContent(channels.ToDictionary(c => c.Id, c => c.DefaultLocale, StringComparer.Ordinal));
        foreach (var some in content)
        {
            await some.AddAsync(db, wanted, cancellationToken);
        }

        foreach (var (channel, _) in channels)
        {
            _seen[channel] = await RebuildAsync(channel, wanted.Of(channel), cancellationToken);
        }
    }

    private async Task<ChannelHead> RebuildAsync(string channel, IReadOnlyList<Item> items, CancellationToken cancellationToken)
    {
        var created = await log.CreateAsync(channel, cancellationToken);
        var read = await log.ReadAsync(channel, cancellationToken: cancellationToken) ?? throw new LogUnavailableException($"The channel {channel} went away while it was rebuilt.");
        var held = read.Items.ToDictionary(e => e.Item.Key, e => e.Item.Version, StringComparer.Ordinal);
        var appended = 0;
        foreach (var item in items.Where(i => held.TryGetValue(i.Key, out var version) ? version < i.Version : !i.Removes))
        {
            var result = await log.AppendAsync(channel, item, cancellationToken: cancellationToken);
            appended += result.Outcome == AppendOutcome.Appended ? 1 : 0;
        }

        if (created || appended > 0)
        {
            LogRebuilt(channel, appended);
        }

        return read.Head;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The live side could not be compared with the database; trying again")]
    private partial void LogAway(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Channel {Channel} has lost updates: offset {Seen} of epoch {Epoch} was seen, the log is at {Offset}; a new epoch begins")]
    private partial void LogWentBack(string channel, string epoch, long seen, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Channels} channels start again: Redis was started again, and nobody who is left knows whether it has all that fans have seen; new epochs begin")]
    private partial void LogDoubtful(int channels);

    [LoggerMessage(Level = LogLevel.Information, Message = "Channel {Channel} was rebuilt from the database with {Items} items")]
    private partial void LogRebuilt(string channel, int items);

    private enum Standing
    {
        /// <summary>It is what this node has seen, and has gone on from there.</summary>
        AsSeen,

        /// <summary>It is not there, or in another epoch than this node knew.</summary>
        Other,

        /// <summary>Nobody could vouch for it: a new epoch has begun.</summary>
        Doubtful,
    }
}
