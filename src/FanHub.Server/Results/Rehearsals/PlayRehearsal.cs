using System.Collections.Concurrent;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Rehearsals;

/// <summary>
/// Plays messages through a desk and a board of their own. The real event knows nothing of it, nor do its fans: every channel's name begins with the rehearsal's. Kept in memory and in
/// the channels, nowhere else.
/// </summary>
internal sealed partial class PlayRehearsal(IChannelLog log, OdfReading reading, TimeSpan minInterval, string prefix, TimeProvider time, ILogger logger)
{
    private readonly BoardPublisher _publisher = new(log, reading.Locale, static (_, _) => { }, time, logger);
    private readonly ConcurrentDictionary<string, bool> _channels = new(StringComparer.Ordinal);
    private readonly Derivation _derivation = new(
        new ResultDesk(new DeskSettings { Zone = reading.Zone, Locale = reading.Locale, Prefix = prefix }),
        new Conflation(minInterval),
        // The channels may remember what an earlier play took away, under any lower version.
        new ResultBoard(before: time.NowMs().ToUnixTimeMilliseconds()));

    /// <summary>How many messages were played.</summary>
    public int Played { get; private set; }

    /// <summary>How many of them could not be read.</summary>
    public int Unreadable { get; private set; }

    /// <summary>The channels that it has shown something on.</summary>
    public IReadOnlyCollection<string> Channels => [.. _channels.Keys];

    /// <summary>Plays all of it, and returns when the last of it is published.</summary>
    /// <param name="script">What to play.</param>
    /// <param name="speed">How many times faster than it was; 0: as fast as it goes.</param>
    /// <param name="maxPause">How long to wait between two messages at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(IRehearsalScript script, double speed, TimeSpan maxPause, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = _publisher.RunAsync(ends.Token);
        try
        {
            DateTimeOffset? before = null;
            await foreach (var (at, xml) in script.ReadAsync(cancellationToken))
            {
                if (speed > 0 && before is { } earlier && at > earlier)
                {
                    var pause = (at - earlier) / speed;
                    await WaitAsync(pause < maxPause ? pause : maxPause, cancellationToken);
                }

                before = at;
                Apply(xml);
                Publish();
            }

            // What was held back is due by then.
            await WaitAsync(minInterval, cancellationToken);
            await _publisher.DrainedAsync(cancellationToken);
        }
        finally
        {
            await ends.CancelAsync();
            await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes everything away that it has shown.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = _publisher.RunAsync(ends.Token);
        try
        {
            _publisher.Publish([.. _derivation.Board.Items.ToList().Select(i => _derivation.Board.Show(i.Key, composed: null, time.NowMs())).OfType<BoardUpdate>()]);
            await _publisher.DrainedAsync(cancellationToken);
        }
        finally
        {
            await ends.CancelAsync();
            await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Apply(ReadOnlyMemory<byte> xml)
    {
        Played++;
        try
        {
            var message = OdfReader.Read(xml, reading);
            if (message.IsRead)
            {
                _derivation.Touch(_derivation.Desk.Apply(Played, message), time.NowMs());
            }
        }
        catch (OdfException)
        {
            Unreadable++;
        }
    }

    private void Publish()
    {
        _derivation.ShowDue(time.NowMs());
        foreach (var (key, failure) in _derivation.TakeFailures())
        {
            LogNotComposed(failure, key);
        }

        var updates = _derivation.Take().Updates;
        foreach (var channel in updates.SelectMany(u => u.Channels))
        {
            _channels.TryAdd(channel, true);
        }

        _publisher.Publish(updates);
    }

    /// <summary>Waits, and publishes meanwhile what becomes due.</summary>
    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + pause;
        while (true)
        {
            var now = time.GetUtcNow();
            var next = _derivation.NextDue is { } due && due < until ? due : until;
            if (next > now)
            {
                // A timer may be early by a millisecond.
                await Task.Delay(next - now + TimeSpan.FromMilliseconds(1), time, cancellationToken);
            }

            Publish();
            if (time.GetUtcNow() >= until)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Key} of a rehearsal could not be composed, and stays as it is shown")]
    private partial void LogNotComposed(Exception failure, string key);
}
