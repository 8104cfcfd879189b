using FanHub.Server.Results.Feed;

namespace FanHub.Server.Results.Desk;

/// <summary>
/// Which version is held of each document. A document's position is its version and, where two sources claim the same one, the source; the greatest position stands,
/// whichever came first. An invalidation takes a position as content does, and stays: nothing of the document is shown until a greater one comes.
/// </summary>
/// <typeparam name="TContent">What a version says.</typeparam>
internal sealed class DocumentShelf<TContent>
    where TContent : class
{
    private readonly Dictionary<string, Held> _documents = new(StringComparer.Ordinal);

    /// <summary>Puts back what was saved.</summary>
    /// <returns>What is to be shown of it.</returns>
    public TContent? Restore(HeldDocument held, TContent? content)
    {
        var shown = held.Invalidated ? null : content;
        _documents[held.Key] = new Held(Copy(held), shown);
        return shown;
    }

    /// <summary>What is held of a document; null where nothing ever came.</summary>
    public HeldDocument? Find(string key) => _documents.GetValueOrDefault(key)?.Document;

    /// <summary>What is shown of a document; null where nothing is.</summary>
    public TContent? Shown(string key) => _documents.GetValueOrDefault(key)?.Shown;

    /// <summary>The keys of all documents of which anything came.</summary>
    public IReadOnlyCollection<string> Keys => _documents.Keys;

    /// <summary>Takes in a version, if its position is greater than the one that is held.</summary>
    /// <param name="key">The document.</param>
    /// <param name="version">Its version.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="message">The message's number.</param>
    /// <param name="content">What it says; null: it invalidates the version.</param>
    public Placed Place(string key, long version, string source, long message, TContent? content)
    {
        if (_documents.GetValueOrDefault(key) is not { } held)
        {
            return Put(key, version, source, message, content, before: null, reason: null);
        }

        var document = held.Document;
        var order = version != document.Version ? version.CompareTo(document.Version) : string.CompareOrdinal(source, document.Source);
        var contested = string.Equals(source, document.Source, StringComparison.Ordinal)
            ? null
            : $"Two sources send this document: {document.Source} (version {document.Version}) and {source} (version {version}).";
        if (order > 0)
        {
            return Put(key, version, source, message, content, held.Shown, contested);
        }

        if (order < 0)
        {
            return new(FeedOutcome.Older, contested ?? $"Version {document.Version} is held.", contested is not null, Document: null, Before: null, After: null);
        }

        if (document.Invalidated || content is not null)
        {
            var reason = document.Invalidated ? $"Version {version} was invalidated." : null;
            return new(FeedOutcome.Duplicate, reason, Flagged: false, Document: null, Before: null, After: null);
        }

        document.Invalidated = true;
        _documents[key] = new Held(document, Shown: null);
        return new(FeedOutcome.Invalidated, Reason: null, Flagged: false, Copy(document), held.Shown, After: null);
    }

    private Placed Put(string key, long version, string source, long message, TContent? content, TContent? before, string? reason)
    {
        var document = new HeldDocument { Key = key, Version = version, Source = source, Message = content is null ? null : message, Invalidated = content is null };
        _documents[key] = new Held(document, content);
        return new(content is null ? FeedOutcome.Invalidated : FeedOutcome.Applied, reason, reason is not null, Copy(document), before, content);
    }

    private static HeldDocument Copy(HeldDocument document) => new()
    {
        Key = document.Key,
        Version = document.Version,
        Source = document.Source,
        Message = document.Message,
        Invalidated = document.Invalidated,
    };

    private sealed record Held(HeldDocument Document, TContent? Shown);

    /// <summary>What came of a version.</summary>
    /// <param name="Outcome">In one word.</param>
    /// <param name="Reason">For people, where there is something to say.</param>
    /// <param name="Flagged">Whether an editor should look at it.</param>
    /// <param name="Document">What is held from now on, a copy; null where that did not change.</param>
    /// <param name="Before">What was shown until now.</param>
    /// <param name="After">What is shown from now on.</param>
    internal sealed record Placed(FeedOutcome Outcome, string? Reason, bool Flagged, HeldDocument? Document, TContent? Before, TContent? After);
}
