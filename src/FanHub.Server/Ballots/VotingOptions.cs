using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Ballots;

/// <summary>How ballots are taken. Configuration section <c>FanHub:Voting</c>.</summary>
internal sealed class VotingOptions
{
    /// <summary>Where it is configured.</summary>
    public const string Section = "FanHub:Voting";

    /// <summary>How long after <c>closesAt</c> a ballot still counts, for the time it spends on the network: 0 to 10 s, by default 500 ms. Automatic closing waits as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a running count goes out at most, over all nodes: 50 ms to 10 s, by default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan TallyInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How far behind a node may be before it refuses ballots (<c>unavailable</c>) instead of letting them wait: 50 ms to a minute, by default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(1);
}
