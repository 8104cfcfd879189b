using System.Collections.Concurrent;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Polls;
using FanHub.Server.Results.Board;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FanHub.Server.Storage;

/// <summary>
/// Makes the live side hold what the database says fans should see: at start, and whenever a channel is found gone or in a new life (a restarted or emptied Redis). Safe to
/// repeat at any time, on several nodes: a log refuses what is not newer than what it has.
/// </summary>
/// <remarks>Where the live side is away at start, it goes on trying in the background; until it succeeded once, the node is not ready.</remarks>
internal sealed partial class LiveStateRebuilder(IServiceScopeFactory scopes, IChannelLog log, IBallotBox box, EditorialDatabase database, TimeProvider time, ILogger<LiveStateRebuilder> logger)
    : BackgroundService, IHealthCheck
{
    private const int HeadsAtOnce = 500;
    private const int ChannelsAtOnce = 50;
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstAttempt = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _rebuilt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, ChannelHead> _seen = new(StringComparer.Ordinal);
    private bool _wasAway;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));

    /// <summary>Completes when the live side has been rebuilt for the first time.</summary>
    public Task Rebuilt => _rebuilt.Task;

    /// <summary>Notes how far a channel has come, by what was appended to it: should its log ever be behind that, it has lost something.</summary>
    public void Saw(string channel, AppendResult appended) => _seen.AddOrUpdate(
        channel,
        static (_, a) => new ChannelHead(a.Epoch, a.Offset, 0),
        static (_, known, a) => string.Equals(known.Epoch, a.Epoch, StringComparison.Ordinal) ? known with { Offset = Math.Max(known.Offset, a.Offset) } : known,
        appended);

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
        foreach (var some in channels.Chunk(HeadsAtOnce))
        {
            // Before asking: what is appended meanwhile is no loss.
            var seen = some.Select(c => _seen.GetValueOrDefault(c.Id)).ToList();
            var heads = await log.HeadsAsync([.. some.Select(c => c.Id)], cancellationToken);
            var differing = new List<(string Id, string DefaultLocale)>();
            foreach (var (channel, head, known) in some.Zip(heads, seen))
            {
                var sameLife = head is not null && string.Equals(known?.Epoch, head.Epoch, StringComparison.Ordinal);
                var behind = sameLife && (head!.Revision < known!.Revision || head.Offset < known.Offset);
                if (behind)
                {
                    // What somebody follows is fenced by the nodes that serve them; a channel that nobody follows has only us.
                    LogWentBack(channel.Id, known!.Epoch, known.Offset, head!.Offset);
                    await log.FenceAsync(channel.Id, head.Epoch, cancellationToken);
                }

                // After an outage everything is compared: what was lost may be older than what this node has seen.
                if (sameLife && !behind && !_wasAway)
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

    private async Task RebuildAsync(FanHubDb db, IReadOnlyList<(string Id, string DefaultLocale)> channels, CancellationToken cancellationToken)
    {
        var ids = channels.Select(c => c.Id).ToList();
        var polls = (await db.Polls.AsNoTracking().Where(p => ids.Contains(p.Channel)).OrderBy(p => p.Id).ToListAsync(cancellationToken)).ToLookup(p => p.Channel, StringComparer.Ordinal);
        var places = await db.BoardPlaces.AsNoTracking().Where(p => ids.Contains(p.Channel))
            .Join(db.BoardItems.AsNoTracking(), p => p.Key, i => i.Key, (p, i) => new { p.Channel, Item = i }).ToListAsync(cancellationToken);
        var results = places.ToLookup(p => p.Channel, p => BoardUpdate.Of(p.Item), StringComparer.Ordinal);
        foreach (var (channel, defaultLocale) in channels)
        {
            var items = new List<Item>();
            foreach (var poll in polls[channel])
            {
                items.AddRange(await RebuildBoxAsync(poll, defaultLocale, cancellationToken));
            }

            items.AddRange(results[channel].Select(r => r.On(channel, defaultLocale)));
            _seen[channel] = await RebuildAsync(channel, items, cancellationToken);
        }
    }

    private async Task<ChannelHead> RebuildAsync(string channel, List<Item> items, CancellationToken cancellationToken)
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

    /// <returns>What the channel is to hold of the poll, and what it may hold no longer (an older copy of the live side may).</returns>
    private async Task<List<Item>> RebuildBoxAsync(Poll poll, string defaultLocale, CancellationToken cancellationToken)
    {
        var known = await box.FindAsync(poll.Id, cancellationToken);
        if (known is null)
        {
            await box.RegisterAsync(poll.Id, poll.Channel, cancellationToken);
        }

        if (poll.PublishedAt is null)
        {
            return [];
        }

        if (poll.State != PollState.Open && known is not { Sealed: true })
        {
            await box.SealAsync(poll.Id, poll.Channel, poll.Options.Count, cancellationToken);
        }

        var tally = poll.State switch
        {
            PollState.Open => PollItems.RunningTally(poll, await box.TallyAsync(poll.Id, poll.Options.Count, cancellationToken), time.NowMs()),
            PollState.Cancelled or PollState.Revoked => PollItems.NoTally(poll, await box.TallyAsync(poll.Id, poll.Options.Count, cancellationToken), time.NowMs()),
            _ => PollItems.FinalTally(poll),
        };
        List<Item> items = [PollItems.State(poll, defaultLocale)];
        if (tally is not null)
        {
            items.Add(tally);
        }

        return items;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The live side could not be compared with the database; trying again")]
    private partial void LogAway(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Channel {Channel} has lost updates: offset {Seen} of epoch {Epoch} was seen, the log is at {Offset}; a new epoch begins")]
    private partial void LogWentBack(string channel, string epoch, long seen, long offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "Channel {Channel} was rebuilt from the database with {Items} items")]
    private partial void LogRebuilt(string channel, int items);
}
