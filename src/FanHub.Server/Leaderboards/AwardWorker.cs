using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Leaderboards;

/// <summary>
/// Brings leaderboards to what was revealed and settled, and publishes them. Every editor node looks; a short claim keeps two from doing the same work, and where it runs out, doing it
/// twice gives nothing twice (<see cref="GiveAwards"/>). Points are given once fans have been shown why: a standing never tells more than the channel does.
/// </summary>
internal sealed partial class AwardWorker(
    IServiceScopeFactory scopes,
    IEnumerable<IAwardSource> sources,
    GiveAwards give,
    LeaderboardItems items,
    IBallotBox box,
    IChannelLog log,
    AwardSignal signal,
    LiveStateRebuilder rebuilder,
    TimeProvider time,
    ILogger<AwardWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ClaimedFor = TimeSpan.FromSeconds(5);

    // Usually only what changed lately is looked at. But a store that came back with an older memory has to be given again what it has forgotten.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(7);

    private readonly Dictionary<(string Board, string Box), int> _done = [];
    private long? _lookedBack;

    /// <summary>Gives what is to be given now.</summary>
    /// <returns>Whether nothing is left that could be done at once.</returns>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var all = true;
        var began = time.GetTimestamp();
        var lookBack = _lookedBack is not { } last || time.GetElapsedTime(last) >= LookAgain;
        if (lookBack)
        {
            _done.Clear();
        }

        var since = time.GetUtcNow() - (lookBack ? LookBack : Lately);
        foreach (var source in sources)
        {
            foreach (var job in await source.FindAsync(db, since, cancellationToken))
            {
                all &= IsKnownDone(job) || await TryOneAsync(db, job, cancellationToken);
            }
        }

        // What could not be done may be older than what is looked at in between.
        _lookedBack = lookBack ? all ? began : null : _lookedBack;
        return all;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await rebuilder.Rebuilt.WaitAsync(stoppingToken);
            var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
            while (true)
            {
                var wait = LookAnyway;
                try
                {
                    if (await RunAsync(stoppingToken))
                    {
                        backoff.Reset();
                    }
                    else
                    {
                        wait = backoff.Next();
                    }
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    _lookedBack = null;
                    wait = backoff.Next();
                    LogFailed(failure);
                }

                await signal.WaitAsync(wait, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private bool IsKnownDone(AwardJob job) => _done.GetValueOrDefault((job.Board, job.Round.Id)) >= job.Version;

    private async Task<bool> TryOneAsync(FanHubDb db, AwardJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(db, job, cancellationToken);
        }
        catch (Exception failure) when (failure is not (LeaderboardUnavailableException or BallotBoxUnavailableException or LogUnavailableException or FanProfilesUnavailableException or OperationCanceledException))
        {
            // A job that fails for a reason of its own, as when a fan's points leave what a board can hold, must not hold the others up.
            LogJobFailed(failure, job.Round.Id, job.Version);
            return false;
        }
    }

    private async Task<bool> TryAsync(FanHubDb db, AwardJob job, CancellationToken cancellationToken)
    {
        if (!await give.IsDoneAsync(job, cancellationToken))
        {
            // What fans are to be shown first is still on its way; or another node is at it.
            if (await db.Outbox.AnyAsync(r => r.Channel == job.Round.Channel && r.ParkedAt == null, cancellationToken)
                || !await box.ClaimTallyAsync($"award.{job.Round.Id}.{job.Version}", ClaimedFor, cancellationToken))
            {
                return false;
            }

            var began = time.GetTimestamp();
            var ballots = await give.RunAsync(job, cancellationToken);
            await log.AppendAsync(job.Round.Channel, await items.MakeAsync(job.Board, cancellationToken), cancellationToken: cancellationToken);
            await give.FinishAsync(job, cancellationToken);
            LogGiven(job.Round.Id, job.Version, ballots, time.GetElapsedTime(began).TotalMilliseconds);
        }

        _done[(job.Board, job.Round.Id)] = job.Version;
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The points of {Interaction}, result {Version}, are given for {Ballots} ballots, in {Ms:0} ms")]
    private partial void LogGiven(string interaction, int version, int ballots, double ms);

    [LoggerMessage(Level = LogLevel.Error, Message = "The points of {Interaction}, result {Version}, cannot be given; it is tried again")]
    private partial void LogJobFailed(Exception failure, string interaction, int version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Points could not be given; trying again")]
    private partial void LogFailed(Exception failure);
}
