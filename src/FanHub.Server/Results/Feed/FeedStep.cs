using FanHub.Server.Results.Board;

namespace FanHub.Server.Results.Feed;

/// <summary>What one round of the worker came to: saved in one transaction, then published.</summary>
internal sealed class FeedStep
{
    /// <summary>Messages that were dealt with.</summary>
    public List<FeedMessage> Messages { get; } = [];

    /// <summary>Documents of which another message is held now, by their keys.</summary>
    public Dictionary<string, HeldDocument> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>Versions to publish, in their order.</summary>
    public List<BoardUpdate> Updates { get; } = [];

    /// <summary>Results whose status changed.</summary>
    public List<ResultTurned> Turned { get; } = [];

    /// <summary>Whether a message broke something, so that what is held in memory is not to be trusted.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Whether there is nothing to save.</summary>
    public bool IsEmpty => Messages.Count == 0 && Documents.Count == 0 && Updates.Count == 0;
}
