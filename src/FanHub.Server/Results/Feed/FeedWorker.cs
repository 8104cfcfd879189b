using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Desk;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Feed;

/// <summary>
/// Derives results from messages, on one node at a time: whoever gets the lease. It lives in memory and is thrown away whenever something is wrong; the database has all that is needed to
/// begin anew.
/// </summary>
internal sealed partial class FeedWorker(
    IServiceScopeFactory scopes,
    FeedLeases leases,
    FeedSignal signal,
    FeedOutcomes outcomes,
    FeedWriteTurn turn,
    IChannelLog log,
    LiveStateRebuilder rebuilder,
    DatabaseStartup database,
    EditorialDatabase where,
    IOptions<FeedOptions> options,
    TimeProvider time,
    ILogger<FeedWorker> logger) : BackgroundService
{
    private static readonly TimeSpan TryForLease = TimeSpan.FromSeconds(1);

    // Other nodes store messages too, and cannot wake this one.
    private static readonly TimeSpan LookForOthers = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PublishRestWithin = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = TryForLease;
            try
            {
                if (await leases.TryTakeAsync(stoppingToken) is { } term)
                {
                    await HoldAsync(term, stoppingToken);
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (FeedLeaseLostException)
            {
                LogLost();
            }
            catch (Exception failure)
            {
                wait = _backoff.Next();
                LogFailed(failure, wait.TotalMilliseconds);
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HoldAsync(long term, CancellationToken stoppingToken)
    {
        var settings = options.Value;
        var reading = settings.Reading;
        var publisher = new BoardPublisher(log, settings.Locale, rebuilder.Saw, time, logger);
        var run = new FeedRun(
            new FeedStore(scopes, leases, turn, term, settings.Locale, time),
            new Derivation(new ResultDesk(new DeskSettings { Zone = reading.Zone, Locale = reading.Locale }), new Conflation(settings.MinInterval), new ResultBoard()),
            publisher,
            new FeedReading(reading),
            time,
            logger);
        using var ends = new CancellationTokenSource();
        var publishing = PublishAsync(publisher, ends.Token);
        try
        {
            await TellAsync(await run.StartAsync(stoppingToken), stoppingToken);
            LogStarted(term);
            await WorkAsync(run, publishing, stoppingToken);
        }
        finally
        {
            // Of an item's versions whoever comes next publishes only the last.
            using var limit = new CancellationTokenSource(PublishRestWithin, time);
            await publisher.DrainedAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ends.CancelAsync();
            await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await GiveUpAsync(term);
        }
    }

    private async Task PublishAsync(BoardPublisher publisher, CancellationToken cancellationToken)
    {
        // Nothing is appended before the channels are known to be as they were left.
        await rebuilder.Rebuilt.WaitAsync(cancellationToken);
        await publisher.RunAsync(cancellationToken);
    }

    private async Task WorkAsync(FeedRun run, Task publishing, CancellationToken stoppingToken)
    {
        while (true)
        {
            if (publishing.IsCompleted)
            {
                // It never ends by itself, unless something is wrong with it.
                await publishing;
                return;
            }

            var step = await run.StepAsync(stoppingToken);
            await TellAsync(step, stoppingToken);
            _backoff.Reset();
            if (step.IsSuspect)
            {
                return;
            }

            if (step.Messages.Count == 0)
            {
                await signal.WaitAsync(Pause(run), time, stoppingToken);
            }
        }
    }

    private TimeSpan Pause(FeedRun run)
    {
        var longest = !where.IsShared ? FeedRun.Renew : LookForOthers;
        var due = run.NextDue - time.GetUtcNow() ?? longest;
        return due < TimeSpan.Zero ? TimeSpan.Zero : due < longest ? due : longest;
    }

    private async Task TellAsync(FeedStep step, CancellationToken cancellationToken)
    {
        foreach (var message in step.Messages)
        {
            outcomes.Tell(message.Id);
        }

        if (step.Turned.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        foreach (var turned in step.Turned)
        {
            try
            {
                using var limit = new CancellationTokenSource(TellWithin, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
                await mediator.Publish(turned, either.Token).WaitAsync(either.Token);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // What others make of a result must not stop results, nor hold them up.
                LogNotTold(failure, turned.Unit, turned.To);
            }
        }
    }

    private async Task GiveUpAsync(long term)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
            await leases.ReleaseAsync(term, limit.Token);
        }
        catch (Exception failure)
        {
            // It ends by itself.
            LogNotReleased(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This node derives results now, for term {Term}")]
    private partial void LogStarted(long term);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another node derives results now")]
    private partial void LogLost();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Results cannot be derived for now; trying again in {WaitMs:0} ms")]
    private partial void LogFailed(Exception failure, double waitMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not everybody could be told that {Unit} turned {To}")]
    private partial void LogNotTold(Exception failure, string unit, string? to);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The lease could not be given up; it ends by itself")]
    private partial void LogNotReleased(Exception failure);
}
