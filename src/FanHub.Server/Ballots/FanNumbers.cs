namespace FanHub.Server.Ballots;

/// <summary>
/// How fan numbers are given out so that none is given out twice, though the store may forget what it gave out.
/// </summary>
/// <remarks>
/// Numbers follow the clock: a block starts at the later of what the store remembers and the microseconds since <see cref="Epoch"/>, rounded up to a multiple of the block's
/// size, and never reaches more than <see cref="Lead"/> beyond the clock. Whoever would reach further waits. A store that remembers nothing skips the whole lead, and
/// so everything that can have been given out before. A store that comes back with an older memory was away for longer than the lead. 2^53 is reached in the year 2310.
/// </remarks>
internal static class FanNumbers
{
    /// <summary>The largest block: a quarter of the lead.</summary>
    public const int MaxBlock = 250_000;

    /// <summary>Number 0.</summary>
    public static readonly DateTimeOffset Epoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How far numbers may run ahead of the clock: a million numbers.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    /// <summary>The longest anybody waits for a block.</summary>
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(5);

    /// <summary>The number that the clock stands at.</summary>
    public static long At(DateTimeOffset now) => (now - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Takes a block, if the clock allows. The rule is also in <c>reserve-fans.lua</c>.</summary>
    /// <param name="stored">What the store remembers as the next number, or null.</param>
    /// <param name="now">The number that the clock stands at.</param>
    /// <param name="count">The block's size.</param>
    public static FanBlock Take(long? stored, long now, int count)
    {
        var lead = (long)Lead.TotalMicroseconds;
        var next = Math.Max(stored ?? now + lead, now);
        var first = (next + count - 1) / count * count;
        var early = first + count - (now + lead);
        return early > 0
            ? new FanBlock(null, stored ?? next, TimeSpan.FromMicroseconds(early))
            : new FanBlock(first, first + count, TimeSpan.Zero);
    }

    /// <summary>Asks until a block is had.</summary>
    /// <param name="count">The block's size.</param>
    /// <param name="ask">Asks the store once: the first number, or how long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<long> ReserveAsync(int count, Func<Task<(long? First, TimeSpan Wait)>> ask, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxBlock);
        var start = time.GetTimestamp();
        while (true)
        {
            var (first, wait) = await ask();
            if (first is { } number)
            {
                return number;
            }

            if (time.GetElapsedTime(start) + wait > WaitLimit)
            {
                throw new BallotBoxUnavailableException("More fan numbers are asked for than a million a second.");
            }

            // Several that wait for the same moment would take turns anyway: the jitter spares the store some of the asking.
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1 + (4 * Random.Shared.NextDouble())), time, cancellationToken);
        }
    }
}

/// <summary>Answer to asking for a block of fan numbers.</summary>
/// <param name="First">The first number; null where the clock has to move on first.</param>
/// <param name="Next">What the store must remember, in either case.</param>
/// <param name="Wait">How long to wait before asking again.</param>
internal readonly record struct FanBlock(long? First, long Next, TimeSpan Wait);
