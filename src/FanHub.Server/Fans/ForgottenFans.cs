using System.Collections.Concurrent;
using System.Globalization;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Fans;

/// <summary>
/// Whose tokens this node refuses: fans who asked to be forgotten. All of them are held in memory, for every request and call asks. Read whole at start and now and then, and every second what
/// is new. While the store is away, the last known ones stay refused; what a store that lost its memory does not have any more is put back.
/// </summary>
/// <remarks>
/// Being forgotten takes away the name, the wishes for more time, the connections, and every way in with the fan's token or a renewed one. Ballots stay in the box, under a number that nothing
/// leads to any more: no count changes, and neither does a certified result. The number itself is kept as forgotten until the last token that it may be in has ended.
/// </remarks>
internal sealed partial class ForgottenFans(
    IFanProfiles profiles, FanConnections connections, IOptions<FanSessionOptions> sessions, IOptions<ForgottenFansOptions> options, TimeProvider time, ILogger<ForgottenFans> logger) : BackgroundService
{
    // Redis may be replaced by a replica whose clock is behind.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WholeEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, DateTimeOffset> _held = new();
    private readonly Queue<ForgottenFan> _order = new();
    private readonly Lock _lock = new();
    private DateTimeOffset? _newest;
    private DateTimeOffset _droppedUpTo;
    private long? _wholeAt;
    private bool _away;
    private bool _full;
    private volatile bool _known;

    /// <summary>Whether the store has been read at least once.</summary>
    public bool Known => _known;

    /// <summary>Whether the fan has been forgotten, as far as this node has heard.</summary>
    /// <exception cref="FanHubException"><c>unavailable</c>: the node has not heard of anybody yet, and must not let in whom it should not.</exception>
    public bool IsForgotten(long fan) => _known
        ? _held.ContainsKey(fan)
        : throw new FanHubException(ErrorCodes.Unavailable, "This node has only just started, and cannot yet tell whose tokens are good.", TimeSpan.FromSeconds(1));

    /// <summary>Refuses a fan who has been forgotten.</summary>
    /// <exception cref="FanForgottenException">The fan has been.</exception>
    /// <exception cref="FanHubException"><c>unavailable</c>, as with <see cref="IsForgotten"/>.</exception>
    public void ThrowIfForgotten(long fan)
    {
        if (IsForgotten(fan))
        {
            throw new FanForgottenException();
        }
    }

    /// <summary>Forgets a fan: at this node at once, at the others when they next ask.</summary>
    /// <exception cref="FanProfilesUnavailableException">Whether it happened is unknown; asking again is safe.</exception>
    public async Task ForgetAsync(long fan)
    {
        // Begun, it is carried through, whether or not somebody still waits for the answer.
        Hold(new ForgottenFan(fan, await profiles.ForgetAsync(fan, CancellationToken.None)));
    }

    /// <summary>Closes the connection if its fan has been forgotten.</summary>
    public void CloseIfForgotten(FanConnection connection)
    {
        if (long.TryParse(connection.Fan, NumberStyles.None, CultureInfo.InvariantCulture, out var fan) && _held.ContainsKey(fan))
        {
            connection.Close(Farewell);
        }
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request, where the store answers; else the node is not ready until it does.
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ReadAsync(stoppingToken);
        }
    }

    // Every client renews its session when it hears this, is refused, and begins as a new fan.
    private static Notice Farewell { get; } = new(NoticeCodes.SessionExpired, "This fan has been forgotten; come back as a new one.");

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (_wholeAt is { } last && time.GetElapsedTime(last) < WholeEvery ? ReadNewAsync(cancellationToken) : ReadWholeAsync(cancellationToken));
            _known = true;
            if (_away)
            {
                _away = false;
                Back(logger);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, those who are known stay refused, and asking goes on. The store may come back as another one than it was: all of it is read then.
            _wholeAt = null;
            if (!_away)
            {
                _away = true;
                Away(logger, e is FanProfilesUnavailableException ? null : e, e.Message);
            }
        }
    }

    private async Task ReadNewAsync(CancellationToken cancellationToken)
    {
        await foreach (var fan in profiles.ForgottenSinceAsync(_newest is { } newest && newest - Overlap > Oldest ? newest - Overlap : Oldest, cancellationToken))
        {
            Hold(fan);
        }
    }

    private async Task ReadWholeAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var read = new HashSet<long>();
        await foreach (var fan in profiles.ForgottenSinceAsync(Oldest, cancellationToken))
        {
            if (Hold(fan))
            {
                read.Add(fan.Fan);
            }
        }

        LetGo();
        var lost = _held.Where(f => !read.Contains(f.Key)).Select(f => new ForgottenFan(f.Key, f.Value)).ToList();
        if (lost.Count > 0)
        {
            await profiles.RestoreForgottenAsync(lost, cancellationToken);
        }

        _wholeAt = began;
    }

    private DateTimeOffset Oldest => time.GetUtcNow() - sessions.Value.TokensLive;

    /// <summary>Refuses the fan from now on.</summary>
    /// <returns>Whether there was room.</returns>
    private bool Hold(ForgottenFan fan)
    {
        lock (_lock)
        {
            _newest = _newest > fan.At ? _newest : fan.At;
            if (_held.TryGetValue(fan.Fan, out var known) && known >= fan.At)
            {
                return true;
            }

            if (fan.At <= _droppedUpTo)
            {
                // Read once more; it would push out somebody later.
                return false;
            }

            _held[fan.Fan] = fan.At;
            _order.Enqueue(fan);
            while (_held.Count > options.Value.MaxHeld)
            {
                DropOldest();
                if (!_full)
                {
                    _full = true;
                    Full(logger, options.Value.MaxHeld);
                }
            }
        }

        foreach (var connection in connections.Of(fan.Fan.ToString(CultureInfo.InvariantCulture)))
        {
            connection.Close(Farewell);
        }

        return _held.ContainsKey(fan.Fan);
    }

    /// <summary>Lets go of those whose last token has ended.</summary>
    private void LetGo()
    {
        lock (_lock)
        {
            while (_order.TryPeek(out var first) && first.At < Oldest)
            {
                DropOldest();
            }
        }
    }

    private void DropOldest()
    {
        var first = _order.Dequeue();
        _droppedUpTo = _droppedUpTo > first.At ? _droppedUpTo : first.At;
        // Whoever was forgotten again since then stands in the queue once more, further behind.
        _held.TryRemove(new(first.Fan, first.At));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot be read which fans are forgotten ({Reason}); those known so far stay refused")]
    private static partial void Away(ILogger logger, Exception? exception, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "It can be read again which fans are forgotten")]
    private static partial void Back(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "More than {Max} fans are forgotten: the tokens of those before are accepted again; raise FanHub:Forgotten:MaxHeld")]
    private static partial void Full(ILogger logger, int max);
}

/// <summary>Whether this node knows whose tokens to refuse.</summary>
internal sealed class ForgottenFansHealth(ForgottenFans forgotten) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        forgotten.Known ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("It could not be read yet which fans are forgotten."));
}
