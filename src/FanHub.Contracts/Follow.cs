using System.Text.Json.Serialization;

namespace FanHub.Contracts;

/// <summary>A place in a channel's log: everything up to <paramref name="Offset"/> in that life of the log was seen.</summary>
/// <param name="Epoch">The life of the log.</param>
/// <param name="Offset">The last offset seen; 0 is before the first update.</param>
public sealed record Position(string Epoch, long Offset);

/// <summary>Argument of <c>Follow</c>.</summary>
public sealed record FollowRequest
{
    /// <summary>The channel to follow.</summary>
    public required string Channel { get; init; }

    /// <summary>Where the client was; absent for a first visit.</summary>
    public Position? Since { get; init; }

    /// <summary>The language asked for, a BCP 47 tag of at most 35 characters; absent for each item's default.</summary>
    public string? Locale { get; init; }

    /// <summary>How far the fan's video is behind, in ms, 0 to <see cref="MaxDelayMs"/>; absent for 0. Windows and speed scores allow for it as far as the editor does.</summary>
    public int? DelayMs { get; init; }

    /// <summary>The longest delay that can be declared: ten minutes.</summary>
    public const int MaxDelayMs = 600_000;

    /// <summary>Set by the server's protocol where the caller waits for a reply, so that updates are held until the reply is written.</summary>
    [JsonIgnore]
    public bool AwaitsReply { get; set; }
}

/// <summary>Result of <c>Follow</c>.</summary>
public sealed record FollowReply
{
    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The life of its log.</summary>
    public required string Epoch { get; init; }

    /// <summary>The offset that <see cref="Updates"/> bring the client to.</summary>
    public required long Offset { get; init; }

    /// <summary>
    /// True: <see cref="Updates"/> are exactly the logged updates missed since the asked position, and the newest <c>latest</c> items (removed ones with
    /// <c>data: null</c>). False: they are the whole snapshot, and what the client holds of the channel is to be forgotten first.
    /// </summary>
    public required bool Recovered { get; init; }

    /// <summary>The updates, in order.</summary>
    public required IReadOnlyList<Update> Updates { get; init; }
}

/// <summary>A channel's items as <c>GET /api/v1/channels/{channel}</c> gives them.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Epoch">The life of its log.</param>
/// <param name="Offset">The offset that the items are true at.</param>
/// <param name="Items">The latest update of each item.</param>
public sealed record ChannelSnapshot(string Channel, string Epoch, long Offset, IReadOnlyList<Update> Items);

/// <summary>Something about the connection or a channel that is not an update.</summary>
/// <param name="Code">One of <see cref="NoticeCodes"/>.</param>
/// <param name="Message">For people who read logs.</param>
/// <param name="RetryAfterMs">How long to wait before doing what the code says.</param>
/// <param name="Channel">The channel that it is about; absent where it is about all.</param>
/// <param name="Epoch">With <c>resync</c>: the new epoch.</param>
/// <param name="Offset">With <c>resync</c>: the offset that the snapshot is true at.</param>
public sealed record Notice(string Code, string Message, int? RetryAfterMs = null, string? Channel = null, string? Epoch = null, long? Offset = null);
