using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Ballots;

/// <summary>How ballots are gathered into batches. Configuration section <c>FanHub:Ballots</c>.</summary>
internal sealed class BallotBatcherOptions
{
    /// <summary>Where it is configured.</summary>
    public const string Section = "FanHub:Ballots";

    /// <summary>The most ballots of one batch: bounds how long the store is busy with it. Default 512.</summary>
    [Range(1, BallotRules.MaxBatch)]
    public int MaxBatch { get; set; } = 512;

    /// <summary>How many batches of one interaction may be under way at once. Default 2: one is prepared while the store works on the other.</summary>
    [Range(1, 64)]
    public int MaxInFlight { get; set; } = 2;

    /// <summary>
    /// How long after one batch of an interaction the next leaves at the earliest, unless it is full; 0 to 1 s. Default 10 ms: no fan notices, and at 20,000 ballots a second
    /// Redis spends about 3 us on each instead of 26.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How many ballots of one interaction may wait for a batch, before more are refused. Default 50,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxWaitingPerInteraction { get; set; } = 50_000;

    /// <summary>How many ballots of all interactions together may wait or be under way, before more are refused. Default 200,000 (some 60 MB).</summary>
    [Range(1, 10_000_000)]
    public int MaxPending { get; set; } = 200_000;

    /// <summary>How long a refused fan is told to wait, at least; up to twice as long, so that not all come back at once. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(2);
}
