using System.Collections.Concurrent;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Storage;

/// <summary>Wakes the publisher after a commit.</summary>
internal sealed class OutboxSignal : WakeUp;

/// <summary>
/// Carries out what the outbox holds, in order. A row is deleted after its effect; a crash in between repeats an effect that the log and the box know to ignore, so nothing is
/// lost or doubled.
/// </summary>
/// <remarks>
/// Several nodes do this at the same time, and none owns a row. The rows of a channel become visible in the order of their numbers (<see cref="FanHubDb"/> sees to that), each node
/// takes them in this order and goes on only after an effect took place, and an effect that took place already does nothing. So whoever is ahead, nothing overtakes, and a node that
/// dies holds nobody up. Therefore every effect has to bear being repeated late, after effects that came after it.
/// While the live side is away, rows wait and keep their order. A row that fails for a reason of its own holds back its channel for <see cref="MaxAttempts"/> attempts, is then
/// parked with its error, and logged as an error for somebody to look at.
/// </remarks>
internal sealed partial class OutboxPublisher(
    IServiceScopeFactory scopes,
    IChannelLog log,
    IBallotBox box,
    OutboxSignal signal,
    LiveStateRebuilder rebuilder,
    TimeProvider time,
    ILogger<OutboxPublisher> logger) : BackgroundService
{
    /// <summary>How often a row may fail for a reason of its own before it is parked.</summary>
    public const int MaxAttempts = 5;

    private const int BatchSize = 100;
    private const int ChannelsAtOnce = 8;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Waiter, byte> _waiters = new();
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    /// <summary>Waits until the effect of that row, and of those before it, has taken place, or cannot for now, or the time is up.</summary>
    public async Task WaitUntilPublishedAsync(long lastRowId, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var waiter = new Waiter(lastRowId);
        _waiters.TryAdd(waiter, 0);
        try
        {
            signal.Wake();
            await waiter.Done.Task.WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The change is saved, and will be published; whoever asked has waited long enough.
        }
        finally
        {
            _waiters.TryRemove(waiter, out _);
        }
    }

    /// <summary>Carries out what is there now.</summary>
    /// <returns>Whether nothing is left that could be done at once.</returns>
    /// <exception cref="LogUnavailableException">The live side is away; the rest waits.</exception>
    internal async Task<bool> PublishPendingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        while (true)
        {
            var waiters = _waiters.Keys;
            var rows = await NextAsync(db, cancellationToken);
            var (held, parked) = await PublishAsync(db, rows, cancellationToken);
            if (parked)
            {
                // Those behind it may go on.
                continue;
            }

            var whole = rows.Count < BatchSize;
            var reached = whole ? long.MaxValue : rows[^1].Id;
            foreach (var waiter in waiters.Where(w => w.LastRow <= reached))
            {
                waiter.Done.TrySetResult();
            }

            if (whole || held)
            {
                return !held;
            }
        }
    }

    /// <summary>The first rows that are to be carried out, in order.</summary>
    internal static Task<List<OutboxRow>> NextAsync(FanHubDb db, CancellationToken cancellationToken) =>
        db.Outbox.AsNoTracking().Where(r => r.ParkedAt == null).OrderBy(r => r.Id).Take(BatchSize).ToListAsync(cancellationToken);

    /// <summary>Carries these out: those of one channel in order, those of different channels at the same time.</summary>
    /// <returns>Channels of which one failed, so that those behind it wait; and whether one was parked, so that they need not wait any more.</returns>
    internal async Task<(bool Held, bool Parked)> PublishAsync(FanHubDb db, IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var done = new ConcurrentBag<long>();
        var failed = new ConcurrentBag<(OutboxRow Row, Exception Failure)>();
        try
        {
            await Parallel.ForEachAsync(
                rows.GroupBy(r => r.Channel, StringComparer.Ordinal),
                new ParallelOptions { MaxDegreeOfParallelism = ChannelsAtOnce, CancellationToken = cancellationToken },
                async (channel, token) =>
                {
                    foreach (var row in channel)
                    {
                        try
                        {
                            await CarryOutAsync(row, token);
                        }
                        catch (Exception failure) when (failure is not (OperationCanceledException or LogUnavailableException or BallotBoxUnavailableException))
                        {
                            failed.Add((row, failure));
                            return;
                        }

                        done.Add(row.Id);
                    }
                });
        }
        finally
        {
            // Also where it broke off in the middle: what took place need not be repeated.
            await DeleteAsync(db, [.. done.Order()], cancellationToken);
        }

        var parked = 0;
        foreach (var (row, failure) in failed)
        {
            parked += await NoteFailureAsync(db, row, failure, cancellationToken) ? 1 : 0;
        }

        return (failed.Count > parked, parked > 0);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await rebuilder.Rebuilt.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = LookAnyway;
            try
            {
                wait = await PublishPendingAsync(stoppingToken) ? LookAnyway : _backoff.Next();
                if (wait == LookAnyway)
                {
                    _backoff.Reset();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                wait = _backoff.Next();
                LogAway(failure, wait.TotalMilliseconds);
                await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            await signal.WaitAsync(wait, time, stoppingToken);
        }
    }

    /// <summary>All in one transaction, in the order of their numbers: a node that deletes the same ones at the same time waits for this one, and nobody in a circle.</summary>
    private static async Task DeleteAsync(FanHubDb db, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        await using var own = ids.Count > 1 && db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        foreach (var id in ids)
        {
            await db.Outbox.Where(r => r.Id == id).ExecuteDeleteAsync(cancellationToken);
        }

        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }
    }

    private async Task CarryOutAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        switch (row.Effect)
        {
            case OutboxEffect.Create:
                await log.CreateAsync(row.Channel, cancellationToken);
                break;
            case OutboxEffect.Register:
                await box.RegisterAsync(row.Payload, row.Channel, cancellationToken);
                break;
            case OutboxEffect.Publish:
                rebuilder.Saw(row.Channel, await log.AppendAsync(row.Channel, row.ReadItem(), row.IdempotencyKey, cancellationToken));
                break;
            case OutboxEffect.Withdraw:
                await WithdrawAsync(row, row.ReadWithdrawal(), cancellationToken);
                break;
            default:
                throw new NotSupportedException($"This program does not know the effect {row.Effect}.");
        }
    }

    private async Task WithdrawAsync(OutboxRow row, Withdrawal withdrawal, CancellationToken cancellationToken)
    {
        var tally = await box.SealAsync(withdrawal.Interaction, row.Channel, withdrawal.Options, cancellationToken);
        if (withdrawal.Counted)
        {
            rebuilder.Saw(row.Channel, await log.AppendAsync(row.Channel, TallyItems.Removed(withdrawal.Interaction, tally, row.CreatedAt), row.IdempotencyKey, cancellationToken));
        }
    }

    /// <returns>Whether the rows behind it may go on: it is parked.</returns>
    private async Task<bool> NoteFailureAsync(FanHubDb db, OutboxRow row, Exception failure, CancellationToken cancellationToken)
    {
        var attempts = row.Attempts + 1;
        DateTimeOffset? parkedAt = attempts >= MaxAttempts ? time.NowMs() : null;
        // Another node may have carried it out meanwhile, or noted a failure of its own: then this one says nothing new.
        var noted = await db.Outbox.Where(r => r.Id == row.Id && r.Attempts == row.Attempts && r.ParkedAt == null).ExecuteUpdateAsync(
            r => r.SetProperty(o => o.Attempts, attempts).SetProperty(o => o.Error, failure.Message.Replace('\0', ' ')).SetProperty(o => o.ParkedAt, parkedAt), cancellationToken);
        if (noted == 0 || parkedAt is null)
        {
            LogFailed(failure, row.Id, row.Effect, row.Channel, attempts);
            return false;
        }

        LogParked(failure, row.Id, row.Effect, row.Channel, attempts);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox waits {WaitMs:0} ms: the live side or the database does not answer")]
    private partial void LogAway(Exception failure, double waitMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outbox row {Row} ({Effect} on {Channel}) failed, attempt {Attempts}; it is tried again")]
    private partial void LogFailed(Exception failure, long row, OutboxEffect effect, string channel, int attempts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Outbox row {Row} ({Effect} on {Channel}) is parked after {Attempts} attempts: fans do not see this change")]
    private partial void LogParked(Exception failure, long row, OutboxEffect effect, string channel, int attempts);

    private sealed class Waiter(long lastRow)
    {
        public long LastRow { get; } = lastRow;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
