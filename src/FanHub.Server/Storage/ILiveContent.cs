using FanHub.Realtime.Channels;

namespace FanHub.Server.Storage;

/// <summary>What a feature wants channels to hold, as the database says: the live side is rebuilt from it.</summary>
internal interface ILiveContent
{
    /// <summary>Adds the items of the channels asked for, in the order that they came to be; also removals of items that an older copy of the live side may hold. Prepares what else the items need, such as ballot boxes.</summary>
    Task AddAsync(FanHubDb db, LiveContent content, CancellationToken cancellationToken);
}

/// <summary>Gathers what some channels are to hold.</summary>
/// <param name="channels">Their default languages, by id.</param>
internal sealed class LiveContent(IReadOnlyDictionary<string, string> channels)
{
    private readonly Dictionary<string, List<Item>> _items = channels.Keys.ToDictionary(c => c, _ => new List<Item>(), StringComparer.Ordinal);

    /// <summary>The channels asked for.</summary>
    public List<string> ChannelIds { get; } = [.. channels.Keys];

    /// <summary>The language that texts in a channel fall back to.</summary>
    public string DefaultLocale(string channel) => channels[channel];

    /// <summary>Adds an item, or a removal of one.</summary>
    public void Add(string channel, Item item) => _items[channel].Add(item);

    /// <summary>What a channel is to hold.</summary>
    public IReadOnlyList<Item> Of(string channel) => _items[channel];
}
