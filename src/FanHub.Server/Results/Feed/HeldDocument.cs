namespace FanHub.Server.Results.Feed;

/// <summary>Which message is held of a document. What it says is read from the message itself.</summary>
internal sealed class HeldDocument
{
    /// <summary>The document's key; of a document whose versions add up (<c>*_UPDATE</c>), the key and the version.</summary>
    public required string Key { get; init; }

    /// <summary>The highest version that came.</summary>
    public required long Version { get; set; }

    /// <summary>Who sent that.</summary>
    public required string Source { get; set; }

    /// <summary>The message that holds it; null where only its invalidation came.</summary>
    public long? Message { get; set; }

    /// <summary>Whether this version was invalidated: nothing of it is shown.</summary>
    public bool Invalidated { get; set; }
}
