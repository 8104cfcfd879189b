using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Feed;

/// <summary>
/// Forgets messages that were dealt with, are older than <see cref="FeedOptions.KeepFor"/>, and hold nothing any more. Every editor node does it; together they do no more than one.
/// </summary>
internal sealed partial class FeedSweeper(
    IServiceScopeFactory scopes, DatabaseStartup database, FeedWriteTurn turn, IOptions<FeedOptions> options, TimeProvider time, ILogger<FeedSweeper> logger) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Forgets what is old.</summary>
    /// <returns>How many messages that were.</returns>
    internal async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var old = time.NowMs() - options.Value.KeepFor;
        var swept = 0;
        long after = 0;
        while (true)
        {
            // By number, which is the order of age but for a moment here or there: what is held is passed over once a sweep, what is young is not looked through.
            var batch = await db.Set<FeedMessage>().Where(m => m.State == FeedMessageState.Done && m.Id > after)
                .OrderBy(m => m.Id).Take(BatchSize).Select(m => new { m.Id, m.ReceivedAt }).ToListAsync(cancellationToken);
            long[] ids = [.. batch.Where(m => m.ReceivedAt <= old).Select(m => m.Id)];
            if (ids.Length == 0)
            {
                return swept;
            }

            using (await turn.EnterAsync(cancellationToken))
            {
                // All is asked again: one may have been replayed a moment ago, and be held by now.
                swept += await db.Set<FeedMessage>()
                    .Where(m => ids.Contains(m.Id) && m.State == FeedMessageState.Done && m.ProcessedAt <= old && !db.Set<HeldDocument>().Any(d => d.Message == m.Id))
                    .ExecuteDeleteAsync(cancellationToken);
            }

            after = batch[^1].Id;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            await database.Ready.WaitAsync(stoppingToken);
            do
            {
                try
                {
                    if (await SweepAsync(stoppingToken) is > 0 and var swept)
                    {
                        LogSwept(swept);
                    }
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} old feed messages were deleted")]
    private partial void LogSwept(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old feed messages could not be deleted; trying again in an hour")]
    private partial void LogFailed(Exception failure);
}
