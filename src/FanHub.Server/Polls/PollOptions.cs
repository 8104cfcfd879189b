using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Polls;

/// <summary>Settings of polls: section <c>FanHub:Polls</c>.</summary>
internal sealed class PollOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "FanHub:Polls";

    /// <summary>How long after its end a window stays open for what is still on its way, 0 to 10 s. Default: 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMilliseconds(500);
}
