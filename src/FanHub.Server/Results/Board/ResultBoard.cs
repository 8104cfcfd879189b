using System.Text.Json;
using FanHub.Server.Results.Desk;

namespace FanHub.Server.Results.Board;

/// <summary>What fans are shown under every key, with the item's own version. In memory; whoever owns it saves it.</summary>
internal sealed class ResultBoard
{
    private static readonly string[] SaysWhatHappened = ["changes", "corrected"];

    private readonly Dictionary<string, BoardItem> _items = new(StringComparer.Ordinal);

    /// <summary>All items, those that were taken away among them.</summary>
    public IReadOnlyCollection<BoardItem> Items => _items.Values;

    /// <summary>The item, or what is left of it; null where there never was one.</summary>
    public BoardItem? Find(string key) => _items.GetValueOrDefault(key);

    /// <summary>Puts back what was saved.</summary>
    public void Restore(BoardItem item) => _items[item.Key] = item;

    /// <summary>Shows what was composed, or takes the item away.</summary>
    /// <param name="key">The item's key.</param>
    /// <param name="composed">What is to be shown; null takes it away.</param>
    /// <param name="now">When it was taken away.</param>
    /// <returns>The change to publish; null where fans see just that already.</returns>
    public BoardUpdate? Show(string key, Composed? composed, DateTimeOffset now)
    {
        var item = _items.GetValueOrDefault(key);
        if (composed is null)
        {
            if (item?.Data is null)
            {
                return null;
            }

            item.Version++;
            item.At = now;
            item.Data = null;
        }
        else
        {
            var data = System.Text.Encoding.UTF8.GetString(composed.Data);
            if (item is { Data: { } shown } && IsSame(shown, data) && item.Channels.SequenceEqual(composed.Channels, StringComparer.Ordinal))
            {
                return null;
            }

            if (item is null)
            {
                _items[key] = item = new BoardItem { Key = key, Kind = composed.Kind, Version = 0, At = composed.At, Channels = [], LeftChannels = [] };
            }

            // Lists are replaced, never changed: what is being published holds on to the old ones.
            item.LeftChannels = [.. item.LeftChannels.Union(item.Channels, StringComparer.Ordinal).Except(composed.Channels, StringComparer.Ordinal)];
            item.Channels = [.. composed.Channels];
            item.Version++;
            item.At = composed.At;
            item.Data = data;
        }

        return BoardUpdate.Of(item);
    }

    /// <summary>Whether two states differ in more than in what they say of the difference to the one before.</summary>
    private static bool IsSame(string shown, string data)
    {
        if (string.Equals(shown, data, StringComparison.Ordinal))
        {
            return true;
        }

        using var a = JsonDocument.Parse(shown);
        using var b = JsonDocument.Parse(data);
        var left = Members(a);
        var right = Members(b);
        return left.Count == right.Count && left.All(m => right.TryGetValue(m.Key, out var other) && JsonElement.DeepEquals(m.Value, other));
    }

    private static Dictionary<string, JsonElement> Members(JsonDocument document) =>
        document.RootElement.EnumerateObject().Where(m => !SaysWhatHappened.Contains(m.Name, StringComparer.Ordinal)).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
}
