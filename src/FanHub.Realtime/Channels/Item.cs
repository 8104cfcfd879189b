using FanHub.Contracts;

namespace FanHub.Realtime.Channels;

/// <summary>One item's new state as its publisher hands it to a channel, with all its languages inside.</summary>
public sealed record Item
{
    /// <summary>The item, as <c>kind:id</c>, at most 200 characters.</summary>
    public required string Key { get; init; }

    /// <summary>One of <see cref="ItemKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>How it is delivered; the same for all items of a kind.</summary>
    public required DeliveryClass Class { get; init; }

    /// <summary>The item's own version, at least 1. A log refuses to go back: what is not newer than the item it holds is superseded.</summary>
    public required long Version { get; init; }

    /// <summary>When it became true in the real world.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// The state, a JSON object in UTF-8 of at most <see cref="MaxDataBytes"/>; empty removes the item. Text that has languages is written as
    /// <c>{"$t":{"en":"Who wins?","fr":"Qui gagne ?"}}</c>; nodes put the follower's language in its place (<see cref="LocalizedJson"/>).
    /// </summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The language that a text falls back to when it has none of those asked for.</summary>
    public string? DefaultLocale { get; init; }

    /// <summary>Where set, only connections that have passed this gate are sent the item (a count that only voters may see: the poll's id).</summary>
    public string? Gate { get; init; }

    /// <summary>Whether this takes the item away.</summary>
    public bool Removes => Data.IsEmpty;

    /// <summary>The largest <see cref="Data"/>, in bytes.</summary>
    public const int MaxDataBytes = 64 * 1024;

    /// <exception cref="InvalidOperationException">The data is larger than a log takes.</exception>
    internal void ThrowIfTooLarge()
    {
        if (Data.Length > MaxDataBytes)
        {
            throw new InvalidOperationException($"The data of {Key} has {Data.Length} bytes; {MaxDataBytes} is the most an item may have.");
        }
    }
}
