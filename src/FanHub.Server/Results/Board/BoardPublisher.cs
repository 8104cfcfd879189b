using System.Collections.Concurrent;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;

namespace FanHub.Server.Results.Board;

/// <summary>
/// Appends what the board shows to the channels: of one item every version that was handed in, in their order; different items at the same time.
/// </summary>
/// <remarks>
/// Needs no idempotency keys: a log refuses a version of an item that is not newer than what it holds, so that whatever is repeated, or late, changes nothing. While the live side is away,
/// versions wait; past <see cref="MaxWaiting"/> only the newest of each item do.
/// </remarks>
/// <param name="log">Where channels live.</param>
/// <param name="defaultLocale">The language that texts fall back to.</param>
/// <param name="appended">Is told of every append.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class BoardPublisher(IChannelLog log, string defaultLocale, Action<string, AppendResult> appended, TimeProvider time, ILogger logger)
{
    /// <summary>How many versions may wait before older ones of the same item are left out.</summary>
    internal const int MaxWaiting = 5_000;

    private const int AtOnce = 256;

    private readonly Lock _gate = new();
    private readonly Signal _signal = new();
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
    private readonly ConcurrentDictionary<string, long> _published = new(StringComparer.Ordinal);
    private List<BoardUpdate> _waiting = [];
    private bool _busy;
    private TaskCompletionSource? _drained;

    /// <summary>Hands versions in, in their order.</summary>
    public void Publish(IReadOnlyList<BoardUpdate> updates)
    {
        if (updates.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            _waiting.AddRange(updates);
            if (_waiting.Count > MaxWaiting)
            {
                _waiting = NewestOfEach(_waiting);
            }
        }

        _signal.Wake();
    }

    /// <summary>Waits until everything that was handed in so far has been dealt with.</summary>
    public Task DrainedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_busy && _waiting.Count == 0)
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What was published since the last call: keys, and their versions.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> TakePublished()
    {
        var taken = new List<KeyValuePair<string, long>>();
        foreach (var key in _published.Keys)
        {
            if (_published.TryRemove(key, out var version))
            {
                taken.Add(new(key, version));
            }
        }

        return taken;
    }

    /// <summary>Publishes until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var batch = Take();
            if (batch.Count == 0)
            {
                await _signal.WaitAsync(TimeSpan.FromSeconds(1), time, cancellationToken);
                continue;
            }

            await PublishAsync(batch, cancellationToken);
        }
    }

    private static List<BoardUpdate> NewestOfEach(List<BoardUpdate> updates) =>
        [.. updates.GroupBy(u => u.Key, StringComparer.Ordinal).Select(g => g.MaxBy(u => u.Version)!).OrderBy(u => u.At)];

    private List<BoardUpdate> Take()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            _busy = taken.Count > 0;
            if (!_busy)
            {
                _drained?.TrySetResult();
                _drained = null;
            }

            return taken;
        }
    }

    private async Task PublishAsync(List<BoardUpdate> batch, CancellationToken cancellationToken)
    {
        // Versions of one item one after the other; what the log answers for one does not hold up another.
        var rest = batch;
        while (rest.Count > 0)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var round = new List<BoardUpdate>();
            var later = new List<BoardUpdate>();
            foreach (var update in rest)
            {
                (round.Count < AtOnce && seen.Add(update.Key) ? round : later).Add(update);
            }

            while (!await TryPublishAsync(round, cancellationToken))
            {
                var wait = _backoff.Next();
                await Task.Delay(wait, time, cancellationToken);
            }

            rest = later;
        }
    }

    private async Task<bool> TryPublishAsync(List<BoardUpdate> round, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(round.Select(u => AppendAsync(u, cancellationToken)));
            _backoff.Reset();
            return true;
        }
        catch (LogUnavailableException failure)
        {
            LogAway(failure);
            return false;
        }
    }

    private async Task AppendAsync(BoardUpdate update, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(update.Appends(defaultLocale).Select(async a => appended(a.Channel, await log.AppendAsync(a.Channel, a.Item, cancellationToken: cancellationToken))));
            _published[update.Key] = update.Version;
        }
        catch (Exception failure) when (failure is not LogUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            // This one alone; it is published again when it changes, or when the worker starts anew.
            LogFailed(failure, update.Key, update.Version);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Results wait: the live side does not answer")]
    private partial void LogAway(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Version {Version} of {Key} could not be published: fans do not see it")]
    private partial void LogFailed(Exception failure, string key, long version);

    private sealed class Signal : WakeUp;
}
