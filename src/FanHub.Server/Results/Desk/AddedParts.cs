using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>A unit of the schedule, or a person, as one document has it.</summary>
/// <typeparam name="T">What the document says of it.</typeparam>
/// <param name="Document">The document's key.</param>
/// <param name="Family">What the whole document and those that change parts of it have in common.</param>
/// <param name="Header">The document's header.</param>
/// <param name="Content">What it says.</param>
internal sealed record AddedPart<T>(string Document, string Family, OdfHeader Header, T Content);

/// <summary>
/// Parts (units, people) that whole documents and changes of single parts say something about. Between a whole document and a change there is no other order than the time
/// that they carry: the later one stands; at the same time the change, then the higher version, then the source and the key. A part that the whole document does not have
/// is gone, unless a change that is not older has it.
/// </summary>
/// <param name="code">The code of a part.</param>
/// <typeparam name="T">What is said of a part.</typeparam>
internal sealed class AddedParts<T>(Func<T, string> code)
{
    private readonly Dictionary<string, List<AddedPart<T>>> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Family> _families = new(StringComparer.Ordinal);

    /// <summary>Replaces what a document says.</summary>
    /// <param name="before">What it said; null: nothing.</param>
    /// <param name="after">What it says now; null: nothing.</param>
    /// <param name="parts">The parts in a message, in its order: the last one counts where it has one twice.</param>
    /// <returns>The codes of the parts that may have become others.</returns>
    public IReadOnlyCollection<string> Replace(OdfMessage? before, OdfMessage? after, Func<OdfMessage, IReadOnlyList<T>> parts)
    {
        var affected = new HashSet<string>(StringComparer.Ordinal);
        if (before is not null)
        {
            var document = DocumentTypes.DocumentKey(before.Header);
            foreach (var part in parts(before))
            {
                affected.Add(code(part));
                Remove(code(part), document);
            }

            SetWhole(before.Header, time: null, affected);
        }

        if (after is not null)
        {
            var document = DocumentTypes.DocumentKey(after.Header);
            var family = DocumentTypes.Family(after.Header);
            var known = FamilyOf(family).Codes;
            foreach (var part in parts(after))
            {
                affected.Add(code(part));
                known.Add(code(part));
                Remove(code(part), document);
                Of(code(part)).Add(new(document, family, after.Header, part));
            }

            SetWhole(after.Header, after.Header.LocalTime, affected);
        }

        return affected;
    }

    /// <summary>What is said of a part: of each family the one that stands, the one that leads first.</summary>
    public IReadOnlyList<AddedPart<T>> Find(string part)
    {
        if (!_parts.TryGetValue(part, out var all) || all.Count == 0)
        {
            return [];
        }

        var standing = all.FindAll(p => !DocumentTypes.AddsUp(p.Header.DocumentType) || FamilyOf(p.Family).Whole is not { } whole || p.Header.LocalTime >= whole);
        standing.Sort(static (a, b) => -Compare(a, b));
        return standing.Count < 2 ? standing : [.. standing.DistinctBy(p => p.Family, StringComparer.Ordinal)];
    }

    /// <summary>Everything that is held about a part, what leads first.</summary>
    public IEnumerable<AddedPart<T>> All(string part) => _parts.TryGetValue(part, out var all) ? all.OrderDescending(Comparer<AddedPart<T>>.Create(Compare)) : [];

    private static int Compare(AddedPart<T> a, AddedPart<T> b)
    {
        var order = a.Header.LocalTime.CompareTo(b.Header.LocalTime);
        order = order != 0 ? order : DocumentTypes.AddsUp(a.Header.DocumentType).CompareTo(DocumentTypes.AddsUp(b.Header.DocumentType));
        order = order != 0 ? order : a.Header.Version.CompareTo(b.Header.Version);
        order = order != 0 ? order : string.CompareOrdinal(a.Header.Source, b.Header.Source);
        return order != 0 ? order : string.CompareOrdinal(a.Document, b.Document);
    }

    /// <summary>A whole document that comes, goes or has another time may take parts away that it does not have itself, or give them back.</summary>
    private void SetWhole(OdfHeader header, DateTime? time, HashSet<string> affected)
    {
        if (DocumentTypes.AddsUp(header.DocumentType))
        {
            return;
        }

        var family = FamilyOf(DocumentTypes.Family(header));
        family.Whole = time;
        affected.UnionWith(family.Codes);
    }

    private void Remove(string part, string document) => _parts.GetValueOrDefault(part)?.RemoveAll(p => string.Equals(p.Document, document, StringComparison.Ordinal));

    private List<AddedPart<T>> Of(string part) => _parts.TryGetValue(part, out var all) ? all : _parts[part] = [];

    private Family FamilyOf(string family) => _families.TryGetValue(family, out var known) ? known : _families[family] = new Family();

    private sealed class Family
    {
        /// <summary>When the whole document was written; null where none is held.</summary>
        public DateTime? Whole { get; set; }

        /// <summary>Every part that some document of the family has, or had.</summary>
        public HashSet<string> Codes { get; } = new(StringComparer.Ordinal);
    }
}
