using System.Collections.Concurrent;

namespace FanHub.Server.Hosting;

/// <summary>
/// So many at once, and so many per second in the long run, for each key. One number per key (the generic cell rate algorithm: when the key's next call is due), no timer.
/// </summary>
/// <param name="perSecond">Calls per second in the long run.</param>
/// <param name="burst">Calls at once.</param>
/// <param name="time">The clock.</param>
internal sealed class RateLimit<TKey>(double perSecond, int burst, TimeProvider time)
    where TKey : notnull
{
    private const int SweepAbove = 10_000;

    private readonly ConcurrentDictionary<TKey, long> _due = new();
    private readonly long _interval = (long)(time.TimestampFrequency / perSecond);
    private long _sweepAt = SweepAbove;

    /// <summary>Takes one call.</summary>
    /// <returns>Zero where it is allowed; else how long to wait.</returns>
    public TimeSpan Take(TKey key)
    {
        var now = time.GetTimestamp();
        return TakeUpTo(key, 1, now, out var start) == 1 ? TimeSpan.Zero : time.GetElapsedTime(now, start - Allowance);
    }

    /// <summary>Takes as many calls as are allowed.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="calls">How many are wanted.</param>
    /// <returns>How many are allowed.</returns>
    public int TakeUpTo(TKey key, int calls) => TakeUpTo(key, calls, time.GetTimestamp(), out _);

    // How far ahead of now a key's next call may be due.
    private long Allowance => _interval * (burst - 1);

    private int TakeUpTo(TKey key, int calls, long now, out long start)
    {
        while (true)
        {
            var known = _due.TryGetValue(key, out var due);
            start = Math.Max(due, now);
            if (start - now > Allowance)
            {
                return 0;
            }

            var allowed = (int)Math.Min(calls, ((Allowance - (start - now)) / _interval) + 1);
            var next = start + (allowed * _interval);
            if (known ? _due.TryUpdate(key, next, due) : _due.TryAdd(key, next))
            {
                Sweep(now);
                return allowed;
            }
        }
    }

    /// <summary>Forgets keys that are owed nothing, whenever their number has doubled since the last time.</summary>
    private void Sweep(long now)
    {
        var sweepAt = Interlocked.Read(ref _sweepAt);
        if (_due.Count < sweepAt || Interlocked.CompareExchange(ref _sweepAt, long.MaxValue, sweepAt) != sweepAt)
        {
            return;
        }

        foreach (var (key, due) in _due)
        {
            if (due <= now)
            {
                _due.TryRemove(new(key, due));
            }
        }

        Interlocked.Exchange(ref _sweepAt, Math.Max(SweepAbove, _due.Count * 2L));
    }
}
