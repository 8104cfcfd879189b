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
        var allowance = _interval * (burst - 1);
        while (true)
        {
            var known = _due.TryGetValue(key, out var due);
            var start = Math.Max(due, now);
            if (start - now > allowance)
            {
                return time.GetElapsedTime(now, start - allowance);
            }

            if (known ? _due.TryUpdate(key, start + _interval, due) : _due.TryAdd(key, start + _interval))
            {
                Sweep(now);
                return TimeSpan.Zero;
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
