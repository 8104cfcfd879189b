namespace FanHub.Server.Results.Desk;

/// <summary>What a message brings about: the items that may differ, and whether that can wait.</summary>
internal sealed class Touches
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>Whether some change must not be conflated with others.</summary>
    public bool Urgent { get; private set; }

    /// <summary>The items, each once.</summary>
    public IReadOnlyList<string> Keys => [.. _keys];

    /// <summary>Notes an item.</summary>
    public void Add(string key, bool urgent = false)
    {
        _keys.Add(key);
        Urgent |= urgent;
    }
}
