namespace FanHub.Server.Results.Board;

/// <summary>Which items are to be composed now, and which wait for their turn, so that no item goes out more often than it may.</summary>
/// <param name="minInterval">How far apart two versions of an item are at least.</param>
internal sealed class Conflation(TimeSpan minInterval)
{
    private readonly Dictionary<string, DateTimeOffset> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);

    /// <summary>When the next item is due; null where none waits.</summary>
    public DateTimeOffset? Next => _due.Count == 0 ? null : _due.Values.Min();

    /// <summary>Something about the item changed.</summary>
    public void Touch(string key, DateTimeOffset now)
    {
        if (!_due.ContainsKey(key))
        {
            _due[key] = _shown.TryGetValue(key, out var shown) && shown + minInterval > now ? shown + minInterval : now;
        }
    }

    /// <summary>The item is composed now, whether or not it was due.</summary>
    public void Shown(string key, DateTimeOffset now)
    {
        _due.Remove(key);
        _shown[key] = now;
    }

    /// <summary>The items that are due, in the order in which they became so.</summary>
    public IReadOnlyList<string> Due(DateTimeOffset now) => _due.Count == 0 ? [] : [.. _due.Where(d => d.Value <= now).OrderBy(d => d.Value).Select(d => d.Key)];

    /// <summary>Forgets when items were shown that may go out again by now.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var key in _shown.Where(s => s.Value + minInterval <= now).Select(s => s.Key).ToList())
        {
            _shown.Remove(key);
        }
    }
}
