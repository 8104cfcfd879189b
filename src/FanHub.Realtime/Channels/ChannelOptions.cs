using System.ComponentModel.DataAnnotations;

namespace FanHub.Realtime.Channels;

/// <summary>How much of a channel is kept, and how nodes watch it. Configuration section <c>FanHub:Channels</c>.</summary>
public sealed class ChannelOptions
{
    /// <summary>How many logged updates a channel keeps for those who come back: 10 to 100,000, by default 1,000. Who was away for longer gets a snapshot.</summary>
    [Range(10, 100_000)]
    public int LogLength { get; set; } = 1_000;

    /// <summary>
    /// About how many bytes of data the kept updates of a channel may have together: 16 KiB to 1 GiB, by default 256 KiB. Large updates are kept for less long: past some point the
    /// snapshot is the shorter way. <see cref="FewestKept"/> of them stay in any case.
    /// </summary>
    [Range(16 * 1024, 1024 * 1024 * 1024)]
    public int LogBytes { get; set; } = 256 * 1024;

    /// <summary>How long an idempotency key of an append is remembered: an hour to a month, by default a day.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "31.00:00:00")]
    public TimeSpan IdempotencyWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often a node compares what it holds with the log, to find what it was not told of: 50 ms to 10 s, by default 400 ms. A hole is found within two of them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a node keeps a channel that nobody on it follows any more: by default a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many logged updates are kept however large they are.</summary>
    internal const int FewestKept = 10;

    /// <summary>Removed items that are remembered before those are forgotten that no log entry is old enough to need.</summary>
    internal const int GoneLimit = 1_000;
}
