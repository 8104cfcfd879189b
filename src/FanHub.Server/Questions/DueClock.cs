using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Questions;

/// <summary>Wakes the clock when something got a moment that it may not know of.</summary>
internal sealed class DueClockSignal : WakeUp;

/// <summary>
/// Does on time what happens by itself (<see cref="IDueWork"/>). Needs no leader: every editor node tries, and the row's version lets one win, so that a node which dies holds
/// nobody up. What came due while nobody was up is caught up at start.
/// </summary>
/// <remarks>A node learns within 250 ms of what was planned on another one: what was planned that long ahead is on time though the other one died right after.</remarks>
internal sealed partial class DueClock(
    IServiceScopeFactory scopes,
    IEnumerable<IDueWork> work,
    SealedBoxes sealedBoxes,
    EditorialDatabase database,
    DueClockSignal signal,
    OutboxSignal outbox,
    LiveStateRebuilder rebuilder,
    TimeProvider time,
    ILogger<DueClock> logger) : BackgroundService
{
    /// <summary>How much of what is due at one moment is done at the same time.</summary>
    internal const int AtOnce = 8;

    // Where it is shared, somebody else may have planned something for a moment that is near, and died.
    private readonly TimeSpan _lookAnyway = database.IsShared ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private DateTimeOffset? _expected;
    // Moments before which something that failed is left alone.
    private readonly Dictionary<string, (DateTimeOffset NotBefore, Backoff Backoff)> _failed = new(StringComparer.Ordinal);

    /// <summary>Does what is due now.</summary>
    /// <returns>How long until there may be something to do.</returns>
    internal async Task<TimeSpan> TickAsync(CancellationToken cancellationToken)
    {
        var came = _expected <= time.GetUtcNow();
        var all = await FindAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = all.Where(d => NotBefore(d) <= now).ToArray();
        if (due.Length > 0)
        {
            // Another node begins with others of those that are due at the same moment: then each finds half of them done, rather than being second in all.
            Random.Shared.Shuffle(due);
            // Many may be due at one moment, and none is to wait for all the others.
            await Parallel.ForEachAsync(due.OrderBy(d => d.At), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (d, token) => await TryAsync(d, token));
            all = await FindAsync(cancellationToken);
            now = time.GetUtcNow();
        }

        if (came)
        {
            // Another node may have been first, and died before it published what it saved.
            outbox.Wake();
        }

        ForgetOldFailures(now);
        var next = all.Select(NotBefore).Append(now + _lookAnyway).Min();
        _expected = all.Count > 0 ? all.Min(NotBefore) : null;
        return next > now ? next - now : TimeSpan.Zero;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await rebuilder.Rebuilt.WaitAsync(stoppingToken);
            var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
            while (true)
            {
                TimeSpan wait;
                try
                {
                    wait = await TickAsync(stoppingToken);
                    sealedBoxes.StartIsOver();
                    backoff.Reset();
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    wait = backoff.Next();
                    LogTickFailed(failure);
                }

                // Timers may fire a little early; a pass that finds nothing due for a fraction of a millisecond would spin.
                await signal.WaitAsync(wait + TimeSpan.FromMilliseconds(1), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<IReadOnlyList<Due>> FindAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var all = new List<Due>();
        foreach (var some in work)
        {
            try
            {
                all.AddRange(await some.FindAsync(db, cancellationToken));
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // What cannot be found of one kind must not hold up the others.
                LogNotFound(failure, some.GetType().Name);
            }
        }

        return all;
    }

    private async Task TryAsync(Due due, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await due.Do(scope.ServiceProvider, cancellationToken);
            outbox.Wake();
            lock (_lock)
            {
                _failed.Remove(due.Key);
            }
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else was first, and may have died before it published what it saved. That does not wait for what else is due.
            outbox.Wake();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            lock (_lock)
            {
                var backoff = _failed.GetValueOrDefault(due.Key).Backoff ?? new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));
                _failed[due.Key] = (time.GetUtcNow() + backoff.Next(), backoff);
            }

            if (Problems.From(failure).Code != ErrorCodes.Conflict)
            {
                LogFailed(failure, due.Key);
            }
        }
    }

    private DateTimeOffset NotBefore(Due due)
    {
        lock (_lock)
        {
            return _failed.TryGetValue(due.Key, out var failed) && failed.NotBefore > due.At ? failed.NotBefore : due.At;
        }
    }

    private void ForgetOldFailures(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (key, _) in _failed.Where(f => f.Value.NotBefore < now - Forget).ToList())
            {
                _failed.Remove(key);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Key} is due, but failed; it is tried again")]
    private partial void LogFailed(Exception failure, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock could not look for what is due of {Work}; trying again")]
    private partial void LogNotFound(Exception failure, string work);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock could not look for what is due; trying again")]
    private partial void LogTickFailed(Exception failure);
}
