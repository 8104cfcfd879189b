using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Audience;

/// <summary>How the audience is counted. Configuration section <c>FanHub:Audience</c>.</summary>
internal sealed class AudienceOptions
{
    /// <summary>How often a node reports, and how often a channel's followers hear of the sum at most: 200 ms to 5 s, by default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:00:05")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);
}
