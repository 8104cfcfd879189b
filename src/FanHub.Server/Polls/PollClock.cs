using FanHub.Contracts;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Polls;

/// <summary>Wakes the clock when a poll got a time that it may not know of.</summary>
internal sealed class PollClockSignal : WakeUp;

/// <summary>
/// Opens and closes polls on time. Needs no leader: every editor node tries, and the row's version lets one win. What came due while nobody was up is caught up at start. Also
/// closes polls whose box was found sealed: somebody closed them and did not get to save it.
/// </summary>
/// <remarks>A node learns within <see cref="LookAnyway"/> of what was scheduled on another one, so that it is late by no more than that where the other one died.</remarks>
internal sealed partial class PollClock(
    IServiceScopeFactory scopes,
    IBallotBox box,
    PollClockSignal signal,
    OutboxSignal outbox,
    LiveStateRebuilder rebuilder,
    EditorialDatabase database,
    IOptions<VotingOptions> options,
    TimeProvider time,
    ILogger<PollClock> logger) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealAfter = TimeSpan.FromSeconds(10);

    // Moments before which a poll is left alone: one that failed, or a sealed one that somebody may be about to save.
    private readonly Dictionary<(string Id, bool Opens), (DateTimeOffset NotBefore, Backoff Backoff)> _failed = [];
    private readonly Dictionary<string, DateTimeOffset> _sealedSince = new(StringComparer.Ordinal);

    /// <summary>Does what is due now.</summary>
    /// <param name="healAtOnce">Whether a sealed box means that nobody is closing its poll just now, as at start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How long until there may be something to do.</returns>
    internal async Task<TimeSpan> TickAsync(bool healAtOnce, CancellationToken cancellationToken)
    {
        foreach (var (id, opensAt) in await ScheduledAsync(cancellationToken))
        {
            if (opensAt <= time.GetUtcNow())
            {
                await TryAsync((id, Opens: true), new OpenPoll.Command(id, IfMatch.None, ByClock: true), cancellationToken);
            }
        }

        var open = await OpenAsync(cancellationToken);
        foreach (var (id, closesAt) in open)
        {
            if (closesAt <= time.GetUtcNow() || await IsLeftSealedAsync(id, healAtOnce, cancellationToken))
            {
                await TryAsync((id, Opens: false), new ClosePoll.Command(id, IfMatch.None), cancellationToken);
            }
        }

        Forget(open.Select(o => o.Id));
        var now = time.GetUtcNow();
        var next = (await ScheduledAsync(cancellationToken)).Select(s => (Key: (s.Id, Opens: true), s.At))
            .Concat((await OpenAsync(cancellationToken)).Select(o => (Key: (o.Id, Opens: false), o.At)))
            .Select(due => _failed.TryGetValue(due.Key, out var failed) && failed.NotBefore > due.At ? failed.NotBefore : due.At)
            .Append(now + LookAnyway)
            .Min();
        return next > now ? next - now : TimeSpan.Zero;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await rebuilder.Rebuilt.WaitAsync(stoppingToken);
            // Where this node is the only one, nobody can be closing anything before it begins.
            var healAtOnce = !database.IsShared;
            var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
            while (true)
            {
                TimeSpan wait;
                try
                {
                    wait = await TickAsync(healAtOnce, stoppingToken);
                    healAtOnce = false;
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

    private async Task TryAsync((string Id, bool Opens) due, IRequest<PollView> command, CancellationToken cancellationToken)
    {
        if (_failed.TryGetValue(due, out var earlier) && earlier.NotBefore > time.GetUtcNow())
        {
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken);
            outbox.Wake();
            _failed.Remove(due);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else was first.
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var backoff = earlier.Backoff ?? new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));
            _failed[due] = (time.GetUtcNow() + backoff.Next(), backoff);
            if (Problems.From(failure).Code != ErrorCodes.Conflict)
            {
                LogFailed(failure, due.Id, command.GetType().DeclaringType?.Name);
            }
        }
    }

    private async Task<bool> IsLeftSealedAsync(string id, bool healAtOnce, CancellationToken cancellationToken)
    {
        if (await box.FindAsync(id, cancellationToken) is not { Sealed: true })
        {
            _sealedSince.Remove(id);
            return false;
        }

        var now = time.GetUtcNow();
        _sealedSince.TryAdd(id, now);
        if (!healAtOnce && now - _sealedSince[id] < HealAfter)
        {
            return false;
        }

        LogHealing(id);
        return true;
    }

    private void Forget(IEnumerable<string> open)
    {
        foreach (var id in _sealedSince.Keys.Except(open, StringComparer.Ordinal).ToList())
        {
            _sealedSince.Remove(id);
        }

        foreach (var (due, _) in _failed.Where(f => f.Value.NotBefore < time.GetUtcNow() - TimeSpan.FromMinutes(5)).ToList())
        {
            _failed.Remove(due);
        }
    }

    private async Task<List<(string Id, DateTimeOffset At)>> ScheduledAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var polls = await db.Polls.AsNoTracking().Where(p => p.State == PollState.Scheduled).OrderBy(p => p.OpensAt).Select(p => new { p.Id, p.OpensAt }).ToListAsync(cancellationToken);
        return [.. polls.Select(p => (p.Id, p.OpensAt ?? DateTimeOffset.MinValue))];
    }

    /// <returns>Open polls, and when each is to be sealed: after everybody's window, and what the network takes.</returns>
    private async Task<List<(string Id, DateTimeOffset At)>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var polls = await db.Polls.AsNoTracking().Where(p => p.State == PollState.Open).OrderBy(p => p.ClosesAt).Select(p => new { p.Id, p.ClosesAt, p.LateWindowMs }).ToListAsync(cancellationToken);
        return [.. polls.Select(p => (p.Id, p.ClosesAt is { } closes ? closes + TimeSpan.FromMilliseconds(p.LateWindowMs) + options.Value.Grace : DateTimeOffset.MaxValue))];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Poll {Poll} is due, but {Command} failed; it is tried again")]
    private partial void LogFailed(Exception failure, string poll, string? command);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Poll {Poll} is open, but its box is sealed: closing it")]
    private partial void LogHealing(string poll);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock could not look for polls that are due; trying again")]
    private partial void LogTickFailed(Exception failure);
}
