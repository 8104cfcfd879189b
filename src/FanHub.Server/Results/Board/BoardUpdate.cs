using System.Text;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Results.Board;

/// <summary>One version of an item, to be published on its channels.</summary>
internal sealed record BoardUpdate
{
    /// <summary>The item's key.</summary>
    public required string Key { get; init; }

    /// <summary>One of <see cref="ItemKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The item's own version.</summary>
    public required long Version { get; init; }

    /// <summary>When it became true.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The item's data, in JSON; empty where it is taken away.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The channels that it is on.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>The channels that it is to be taken from.</summary>
    public required IReadOnlyList<string> LeftChannels { get; init; }

    /// <summary>The version that the board shows now.</summary>
    public static BoardUpdate Of(BoardItem item) => new()
    {
        Key = item.Key,
        Kind = item.Kind,
        Version = item.Version,
        At = item.At,
        Data = item.Data is null ? default(ReadOnlyMemory<byte>) : Encoding.UTF8.GetBytes(item.Data),
        Channels = item.Channels,
        LeftChannels = item.LeftChannels,
    };

    /// <summary>What goes to which channel.</summary>
    /// <param name="defaultLocale">The language that texts fall back to.</param>
    public IEnumerable<(string Channel, Item Item)> Appends(string defaultLocale)
    {
        var item = ItemOf(Data, defaultLocale);
        foreach (var channel in Channels)
        {
            yield return (channel, item);
        }

        var removal = ItemOf(default, defaultLocale);
        foreach (var channel in LeftChannels)
        {
            yield return (channel, removal);
        }
    }

    /// <summary>What the item is on one of its channels.</summary>
    public Item On(string channel, string defaultLocale) => ItemOf(Channels.Contains(channel, StringComparer.Ordinal) ? Data : default, defaultLocale);

    private Item ItemOf(ReadOnlyMemory<byte> data, string defaultLocale) => new()
    {
        Key = Key,
        Kind = Kind,
        Class = string.Equals(Kind, ItemKinds.Telemetry, StringComparison.Ordinal) ? DeliveryClass.Latest : DeliveryClass.Logged,
        Version = Version,
        At = At,
        Data = data,
        DefaultLocale = defaultLocale,
    };
}
