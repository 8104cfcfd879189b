using System.Numerics;

namespace FanHub.LoadTests.Measuring;

/// <summary>
/// Times, from any number of threads, in a fixed amount of memory: whole microseconds up to 256, and buckets of less than 1% from there on. The greatest is kept exactly.
/// </summary>
internal sealed class Histogram
{
    private const int Exact = 256;
    private const int Steps = Exact / 2;

    private readonly long[] _counts = new long[Exact + (Steps * 40)];
    private long _max;
    private long _count;

    /// <summary>How many there are.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Adds one; negative ones count as nothing.</summary>
    public void Add(TimeSpan time)
    {
        var us = Math.Max(0, time.Ticks / TimeSpan.TicksPerMicrosecond);
        Interlocked.Increment(ref _counts[Math.Min(Bucket(us), _counts.Length - 1)]);
        Interlocked.Increment(ref _count);
        var max = Interlocked.Read(ref _max);
        while (us > max)
        {
            var seen = Interlocked.CompareExchange(ref _max, us, max);
            if (seen == max)
            {
                break;
            }

            max = seen;
        }
    }

    /// <summary>The time that so many per cent do not exceed, in ms, rounded up to its bucket's end; 0 where there are none.</summary>
    public double PercentileMs(double percent)
    {
        var rank = (long)Math.Ceiling(Count * percent / 100);
        var below = 0L;
        for (var i = 0; i < _counts.Length && rank > 0; i++)
        {
            below += Interlocked.Read(ref _counts[i]);
            if (below >= rank)
            {
                return Math.Min(End(i), Interlocked.Read(ref _max)) / 1000.0;
            }
        }

        return 0;
    }

    /// <summary>The greatest, in ms.</summary>
    public double MaxMs => Interlocked.Read(ref _max) / 1000.0;

    // The 8 highest bits of a value, and how far they are shifted, make its bucket.
    private static int Bucket(long us)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)us | 1) - 7);
        return (shift * Steps) + (int)(us >> shift);
    }

    private static long End(int bucket)
    {
        if (bucket < Exact)
        {
            return bucket;
        }

        var shift = (bucket / Steps) - 1;
        return ((bucket - ((long)shift * Steps) + 1) << shift) - 1;
    }
}
