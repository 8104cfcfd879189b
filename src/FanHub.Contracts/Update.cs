using System.Text.Json;

namespace FanHub.Contracts;

/// <summary>One item of a channel took a new value, or went away. Absolute: it replaces what a client holds under <see cref="Key"/>.</summary>
public sealed record Update
{
    /// <summary>The channel's id, for example <c>athletics.mens-100m</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>The life of the channel's log that <see cref="Offset"/> counts in. Another epoch means: start again from a snapshot.</summary>
    public required string Epoch { get; init; }

    /// <summary>For <c>logged</c>: this update's place in the log, from 1, without gaps. Otherwise the offset that it is newer than.</summary>
    public required long Offset { get; init; }

    /// <summary>How it is delivered.</summary>
    public required DeliveryClass Class { get; init; }

    /// <summary>The item, as <c>kind:id</c>.</summary>
    public required string Key { get; init; }

    /// <summary>One of <see cref="ItemKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The item's own version: grows with every change of the item.</summary>
    public required long Version { get; init; }

    /// <summary>When it became true in the real world (UTC), not when it was sent.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The item's whole state in the follower's language; <c>null</c> removes the item.</summary>
    public JsonElement? Data { get; init; }
}
