using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Fans;

/// <summary>Sessions of anonymous fans. Configuration section <c>FanHub:Sessions</c>.</summary>
internal sealed class FanSessionOptions
{
    /// <summary>
    /// The key that tokens are signed with, the same on all nodes: at least 32 bytes, as base64. Absent: one is made at first start, kept in the data directory, and shared
    /// with the other nodes through Redis.
    /// </summary>
    public string? SigningKey { get; set; }

    /// <summary>How long a token works: by default a day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long after its end a token can still be exchanged for another one of the same fan: by default 60 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "400.00:00:00")]
    public TimeSpan Renewal { get; set; } = TimeSpan.FromDays(60);

    /// <summary>
    /// How long a token may be about, from when it was made to when it cannot be renewed any more, and a day for nodes that did not hear of each other meanwhile: so long it has to be remembered
    /// whose tokens are refused.
    /// </summary>
    public TimeSpan TokensLive => Lifetime + Renewal + TimeSpan.FromDays(1);
}
