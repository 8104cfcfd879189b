using FanHub.Contracts;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>Who won medals: the medallists of each event, and the source's own table, to be compared with ours.</summary>
internal sealed class MedalEvents(DeskSettings settings, People people)
{
    private readonly Dictionary<string, DocumentGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OdfMessage> _tables = new(StringComparer.Ordinal);

    /// <summary>Whether there ever were medallists: the table is shown from then on, be it empty.</summary>
    public bool Known { get; set; }

    /// <summary>The event whose medallists changed last; null where none did since the program began.</summary>
    public DocumentGroup? LastChanged { get; private set; }

    /// <summary>The keys of all items that medallists bring about, the table apart.</summary>
    public IReadOnlyCollection<string> Keys => _groups.Keys;

    /// <summary>All events.</summary>
    public IReadOnlyCollection<DocumentGroup> Events => _groups.Values;

    /// <summary>What an item is composed from; null where nothing ever came.</summary>
    public DocumentGroup? Find(string key) => _groups.GetValueOrDefault(key);

    /// <summary>The source's own table: the newest, where there are several; null where none is shown.</summary>
    public OdfMedalTable? SourceTable => _tables.OrderByDescending(static t => t.Value.Header.LocalTime).ThenBy(static t => t.Key, StringComparer.Ordinal)
        .Select(static t => t.Value.Content as OdfMedalTable).FirstOrDefault();

    /// <summary>Replaces the medallists that a document names.</summary>
    /// <param name="header">The header of the version that is held now.</param>
    /// <param name="before">What it said; null: nothing.</param>
    /// <param name="after">What it says now; null: nothing.</param>
    /// <param name="touches">Receives the items.</param>
    public void Replace(OdfHeader header, OdfMessage? before, OdfMessage? after, Touches touches)
    {
        var key = DeskKeys.Medallists(header);
        if (!_groups.TryGetValue(key, out var group))
        {
            group = new DocumentGroup { Key = key, Code = header.DocumentCode, Type = header.DocumentType, Locale = settings.Locale };
            _groups.Add(key, group);
        }

        Known = true;
        touches.Add(DeskKeys.MedalTable, urgent: true);
        var wasShown = group.IsShown;
        group.Replace(header, before, after);
        LastChanged = group;
        if (!wasShown && !group.IsShown)
        {
            return;
        }

        touches.Add(key, urgent: true);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var medal in Medals(group))
        {
            medal.Competitor.AddWanted(ids);
        }

        people.Want(key, ids);
    }

    /// <summary>Replaces the source's own table.</summary>
    public void ReplaceTable(string document, OdfMessage? after)
    {
        if (after is null)
        {
            _tables.Remove(document);
        }
        else
        {
            _tables[document] = after;
        }
    }

    /// <summary>Whether the event's medals count in the table.</summary>
    public static bool Counts(DocumentGroup group) => group.Status is DocumentGroup.Official or "partial";

    /// <summary>The event's medals as the document that leads has them.</summary>
    public static IReadOnlyList<EventMedal> Medals(DocumentGroup group) => (group.Leader?.Content as OdfMedallists)?.Medals ?? [];
}
