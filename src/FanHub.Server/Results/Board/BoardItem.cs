using FanHub.Contracts;

namespace FanHub.Server.Results.Board;

/// <summary>What fans are to see under one key: an item with all its languages, and how much of that has been published.</summary>
internal sealed class BoardItem
{
    /// <summary>The item's key, <c>result:…</c>.</summary>
    public required string Key { get; init; }

    /// <summary>One of <see cref="ItemKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The item's own version, from 1.</summary>
    public required long Version { get; set; }

    /// <summary>The version that every channel is known to have; below <see cref="Version"/> it is to be published again.</summary>
    public long PublishedVersion { get; set; }

    /// <summary>When it became true.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>The item's data in JSON; null where it was taken away.</summary>
    public string? Data { get; set; }

    /// <summary>The channels that it is on.</summary>
    public required List<string> Channels { get; set; }

    /// <summary>The channels that it was on and is to be taken from.</summary>
    public required List<string> LeftChannels { get; set; }
}

/// <summary>On which channel an item is, or was: what a channel that lost everything is filled from.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Key">The item's key.</param>
internal sealed record BoardPlace(string Channel, string Key);
