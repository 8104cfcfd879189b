using System.Diagnostics;
using FanHub.LoadTests.Measuring;

namespace FanHub.LoadTests.Feeds;

/// <summary>
/// What became of every version of one unit: when it was sent and acknowledged, and when its follower saw it or a newer one. Sent by any thread, heard by one at a time.
/// </summary>
/// <param name="statuses">The status of each version, from version 1.</param>
/// <param name="measuredFrom">The first version that is measured.</param>
/// <param name="delays">Gets the delays.</param>
internal sealed class VersionBook(IReadOnlyList<string> statuses, int measuredFrom, FeedDelays delays)
{
    private readonly long[] _sentAt = new long[statuses.Count + 1];
    private readonly long[] _acknowledgedAt = new long[statuses.Count + 1];
    private readonly bool[] _delivered = new bool[statuses.Count + 1];
    private int _covered;
    private int _highest;

    /// <summary>The highest version that its follower saw.</summary>
    public int Covered => Volatile.Read(ref _covered);

    /// <summary>The highest version that was acknowledged; 0 where none was.</summary>
    public int Highest => Volatile.Read(ref _highest);

    /// <summary>Versions of the unit that were not sent when they came, or are beyond its last one.</summary>
    public int Strange { get; private set; }

    /// <summary>Versions that were delivered as themselves.</summary>
    public int Delivered => _delivered.Count(d => d);

    /// <summary>A version is about to be sent, for the first time.</summary>
    public void Sending(int version) => Volatile.Write(ref _sentAt[version], Stopwatch.GetTimestamp());

    /// <summary>It was answered 200.</summary>
    public void Acknowledged(int version)
    {
        Volatile.Write(ref _acknowledgedAt[version], Stopwatch.GetTimestamp());
        var highest = Volatile.Read(ref _highest);
        while (version > highest && Interlocked.CompareExchange(ref _highest, version, highest) is var seen && seen != highest)
        {
            highest = seen;
        }
    }

    /// <summary>Its follower sees a version: whatever is older is covered by it too. Older ones and repeated ones are for others to complain about.</summary>
    public void Hear(long version, long arrivedAt)
    {
        if (version < 1 || version > statuses.Count || Volatile.Read(ref _sentAt[version]) == 0)
        {
            Strange++;
            return;
        }

        for (var v = _covered + 1; v <= version; v++)
        {
            // One that comes later to the server than a newer one is covered before it is sent.
            var sentAt = Volatile.Read(ref _sentAt[v]);
            var delay = sentAt == 0 || sentAt > arrivedAt ? TimeSpan.Zero : Stopwatch.GetElapsedTime(sentAt, arrivedAt);
            if (v >= measuredFrom)
            {
                delays.Add(delay, delivered: v == version);
            }
        }

        _delivered[version] = true;
        Volatile.Write(ref _covered, Math.Max(_covered, (int)version));
    }

    /// <summary>
    /// Changes of status that were acknowledged before the next version was sent, so that there is no doubt which came first, and how many of these were delivered as updates of their own.
    /// </summary>
    public (int Delivered, int Of) StatusChanges()
    {
        var (delivered, of) = (0, 0);
        for (var v = 2; v <= statuses.Count; v++)
        {
            var certain = v == statuses.Count || _sentAt[v + 1] == 0 || _acknowledgedAt[v] < _sentAt[v + 1];
            if (!string.Equals(statuses[v - 1], statuses[v - 2], StringComparison.Ordinal) && _acknowledgedAt[v] != 0 && certain)
            {
                of++;
                delivered += _delivered[v] ? 1 : 0;
            }
        }

        return (delivered, of);
    }
}

/// <summary>How long versions took from the start of their request to the fan.</summary>
internal sealed class FeedDelays
{
    /// <summary>Of versions that were delivered themselves.</summary>
    public Histogram Delivered { get; } = new();

    /// <summary>Of all; for those that were not delivered, until a newer one was that took their place.</summary>
    public Histogram All { get; } = new();

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan delay, bool delivered)
    {
        All.Add(delay);
        if (delivered)
        {
            Delivered.Add(delay);
        }
    }
}
