using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>The tables of entries: results, cumulative and phase results, and telemetry.</summary>
internal sealed class UnitTables(DeskSettings settings, DeskChannels channels, People people)
{
    private readonly Dictionary<string, DocumentGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<DocumentGroup>> _byCode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _codeByChannel = new(StringComparer.Ordinal);
    private readonly HashSet<string> _editorsMedals = new(StringComparer.Ordinal);

    /// <summary>The keys of all items that tables bring about.</summary>
    public IReadOnlyCollection<string> Keys => _groups.Keys;

    /// <summary>The editors' results whose medals count.</summary>
    public IEnumerable<EditorsResult> EditorsMedals => _editorsMedals.Select(key => _groups[key].Editors!.Result);

    /// <summary>What an item is composed from; null where nothing ever came.</summary>
    public DocumentGroup? Find(string key) => _groups.GetValueOrDefault(key);

    /// <summary>Whether the unit's own result is official: nobody needs to see any more how it goes.</summary>
    public bool IsOfficial(string code) => _byCode.GetValueOrDefault(code)?.Exists(static g => g.IsOfficial && g.Type == DocumentTypes.Result) ?? false;

    /// <summary>The code of the unit that has this channel; null where none has.</summary>
    public string? CodeOf(string unitChannel) => _codeByChannel.GetValueOrDefault(unitChannel);

    /// <summary>The tables of a unit.</summary>
    public IReadOnlyList<DocumentGroup> OfUnit(string code) => _byCode.GetValueOrDefault(code) ?? [];

    /// <summary>Replaces what a document says.</summary>
    /// <param name="header">The header of the version that is held now.</param>
    /// <param name="before">What it said; null: nothing.</param>
    /// <param name="after">What it says now; null: nothing.</param>
    /// <param name="touches">Receives the items.</param>
    public DocumentGroup Replace(OdfHeader header, OdfMessage? before, OdfMessage? after, Touches touches)
    {
        var group = Open(DeskKeys.Table(header), header.DocumentCode, header.DocumentType);
        Change(group, () => group.Replace(header, before, after), touches);
        return group;
    }

    /// <summary>Replaces what editors say of a unit.</summary>
    /// <param name="unit">The unit's code.</param>
    /// <param name="after">What they say now; null: nothing.</param>
    /// <param name="touches">Receives the items.</param>
    public DocumentGroup Replace(string unit, DocumentGroup.Written? after, Touches touches)
    {
        var group = Open(DeskKeys.Result(unit), unit, DocumentTypes.Result);
        var counted = _editorsMedals.Contains(group.Key);
        Change(group, () => group.Editors = after, touches);
        var counts = after is not null && group.IsOfficial && after.Result.Entries.Any(static e => e.Medal is not null);
        if (counts)
        {
            _editorsMedals.Add(group.Key);
        }
        else
        {
            _editorsMedals.Remove(group.Key);
        }

        if (counts || counted)
        {
            touches.Add(DeskKeys.MedalTable, urgent: true);
        }

        return group;
    }

    /// <summary>Notes the items that take their title from the schedule.</summary>
    public void Renamed(string code, Touches touches)
    {
        foreach (var group in OfUnit(code))
        {
            if (group.IsShown && ResultTexts.Titles(group).Count == 0)
            {
                touches.Add(group.Key);
            }
        }
    }

    private void Change(DocumentGroup group, Action change, Touches touches)
    {
        var (status, official, wasShown) = (group.Status, group.IsOfficial, group.IsShown);
        change();
        if (!wasShown && !group.IsShown)
        {
            return;
        }

        // A change of something official is a correction.
        var telemetry = group.Type == DocumentTypes.Current;
        touches.Add(group.Key, urgent: wasShown != group.IsShown || (!telemetry && (official || !string.Equals(status, group.Status, StringComparison.Ordinal))));
        people.Want(group.Key, Wanted(group));
        if (official != group.IsOfficial)
        {
            foreach (var other in OfUnit(group.Code))
            {
                if (other.Type == DocumentTypes.Current)
                {
                    touches.Add(other.Key, urgent: true);
                }
            }
        }
    }

    private static HashSet<string> Wanted(DocumentGroup group)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in ResultTexts.Entries(group))
        {
            entry.Competitor.AddWanted(ids);
        }

        return ids;
    }

    private DocumentGroup Open(string key, string code, string type)
    {
        if (_groups.TryGetValue(key, out var group))
        {
            return group;
        }

        group = new DocumentGroup { Key = key, Code = code, Type = type, Locale = settings.Locale };
        _groups.Add(key, group);
        (_byCode.TryGetValue(code, out var groups) ? groups : _byCode[code] = []).Add(group);
        _codeByChannel.TryAdd(channels.Unit(code), code);
        return group;
    }
}
