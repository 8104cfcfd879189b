using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>Everything that one item is composed from: the documents that say the same in several languages, and an editor's result, which leads over them.</summary>
internal sealed class DocumentGroup
{
    private readonly List<OdfMessage> _documents = [];
    private readonly Dictionary<string, long> _withdrawn = new(StringComparer.Ordinal);

    /// <summary>The item's key.</summary>
    public required string Key { get; init; }

    /// <summary>The documents' code.</summary>
    public required string Code { get; init; }

    /// <summary>What kind of documents they are: one of <see cref="DocumentTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The language of texts that do not say theirs.</summary>
    public required string Locale { get; init; }

    /// <summary>
    /// The documents that are shown, the one that leads first. What was withdrawn in one language does not bring back what another language said before it: that is older than
    /// what fans saw.
    /// </summary>
    public IReadOnlyList<OdfMessage> Documents => _documents.Count > 0 && _withdrawn.Values.All(v => v <= _documents[0].Header.Version) ? _documents : [];

    /// <summary>The document that leads among those of the feed; null where none is shown.</summary>
    public OdfMessage? Leader => Documents is [var leader, ..] ? leader : null;

    /// <summary>What an editor says of it; null where nothing.</summary>
    public Written? Editors { get; set; }

    /// <summary>Whether there is anything to show.</summary>
    public bool IsShown => Editors is not null || Leader is not null;

    /// <summary>In lower case; null where there is nothing to show.</summary>
    public string? Status =>
        Editors is { } editors ? editors.Result.Status.ToLowerInvariant()
        : Leader is { } leader ? (string.IsNullOrEmpty(leader.Header.ResultStatus) ? "unconfirmed" : leader.Header.ResultStatus.ToLowerInvariant())
        : null;

    /// <summary>Whether what is shown is official.</summary>
    public bool IsOfficial => string.Equals(Status, Official, StringComparison.Ordinal);

    /// <summary>The status that is meant to last.</summary>
    public const string Official = "official";

    /// <summary>A document's language.</summary>
    public string LanguageOf(OdfMessage message) => OdfLanguages.Tag(message.Header.Language, Locale);

    /// <summary>Puts one version of a document in the place of another.</summary>
    /// <param name="header">The header of the version that is held now.</param>
    /// <param name="before">What was shown; null: nothing.</param>
    /// <param name="after">What is shown now; null: the version is withdrawn.</param>
    public void Replace(OdfHeader header, OdfMessage? before, OdfMessage? after)
    {
        if (after is null)
        {
            _withdrawn[header.DocumentKey] = header.Version;
        }
        else
        {
            _withdrawn.Remove(header.DocumentKey);
        }

        if (before is not null)
        {
            _documents.RemoveAll(d => ReferenceEquals(d, before));
        }

        if (after is not null)
        {
            _documents.Add(after);
            _documents.Sort((a, b) => -Compare(a, b));
        }
    }

    /// <summary>Versions of several languages are counted alike: the newest says most, then the default language.</summary>
    private int Compare(OdfMessage a, OdfMessage b)
    {
        var order = a.Header.Version.CompareTo(b.Header.Version);
        order = order != 0 ? order : OdfLanguages.IsDefault(LanguageOf(a), Locale).CompareTo(OdfLanguages.IsDefault(LanguageOf(b), Locale));
        order = order != 0 ? order : string.CompareOrdinal(LanguageOf(b), LanguageOf(a));
        order = order != 0 ? order : string.CompareOrdinal(a.Header.Source, b.Header.Source);
        return order != 0 ? order : string.CompareOrdinal(a.Header.DocumentKey, b.Header.DocumentKey);
    }

    /// <summary>An editor's result, and which version of it.</summary>
    internal sealed record Written(EditorsResult Result, long Version);
}
