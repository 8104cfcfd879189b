using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Fans;

/// <summary>How fan nodes hear of fans who are to be forgotten. Configuration section <c>FanHub:Forgotten</c>.</summary>
internal sealed class ForgottenFansOptions
{
    /// <summary>Where it is configured.</summary>
    public const string Section = "FanHub:Forgotten";

    /// <summary>How often a node asks who is new: 50 ms to 10 s, by default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many forgotten fans a node holds, some 100 bytes each: by default a million. Tokens of those who were forgotten before the last so many are accepted again, and it is logged as an error.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MaxHeld { get; set; } = 1_000_000;
}
