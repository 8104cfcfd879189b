using System.Diagnostics;
using FanHub.LoadTests.Measuring;

namespace FanHub.LoadTests.Followers;

/// <summary>Everything that arrived at a crowd: how much, how late, and the last of it. Added to by the crowd's thread.</summary>
internal sealed class Arrivals
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Histogram _delays = new();
    private long _awaited = long.MaxValue;
    private long _count;
    private long _lastAt;

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>When the last one came, in stopwatch ticks.</summary>
    public long LastAt => Interlocked.Read(ref _lastAt);

    /// <summary>How late they were since <see cref="MeasureAnew"/>.</summary>
    public Histogram Delays => Volatile.Read(ref _delays);

    /// <summary>Forgets how late earlier ones were.</summary>
    public void MeasureAnew() => Volatile.Write(ref _delays, new Histogram());

    /// <summary>One more.</summary>
    /// <param name="delay">How late it came; null where that says nothing, for it was asked for later.</param>
    /// <param name="arrivedAt">When it came, in stopwatch ticks.</param>
    public void Add(TimeSpan? delay, long arrivedAt)
    {
        if (delay is { } late)
        {
            _delays.Add(late);
        }

        Volatile.Write(ref _lastAt, arrivedAt);
        var count = _count + 1;
        Volatile.Write(ref _count, count);
        if (count >= Volatile.Read(ref _awaited))
        {
            _reached.TrySetResult();
        }
    }

    /// <summary>Waits until so many have arrived, or none has for some time.</summary>
    public async Task WaitAsync(long count, TimeSpan silence, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _reached, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Volatile.Write(ref _awaited, count);
        var (seen, since) = (-1L, Stopwatch.GetTimestamp());
        while (Count is var now && now < count)
        {
            if (now != seen)
            {
                (seen, since) = (now, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > silence)
            {
                return;
            }

            await Task.WhenAny(_reached.Task, Task.Delay(Look, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
