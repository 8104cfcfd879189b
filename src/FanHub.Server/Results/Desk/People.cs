using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>Names and organisations of people and teams, for results that have only ids; and which items wait for whom.</summary>
internal sealed class People(DeskSettings settings)
{
    private readonly AddedParts<OdfParticipant> _parts = new(static p => p.Code);
    private readonly Dictionary<string, HashSet<string>> _wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _wants = new(StringComparer.Ordinal);

    /// <summary>Replaces what a document says, and notes the items that ask for somebody in it.</summary>
    /// <param name="before">What it said; null: nothing.</param>
    /// <param name="after">What it says now; null: nothing.</param>
    /// <param name="touch">Called with the key of each item.</param>
    public void Replace(OdfMessage? before, OdfMessage? after, Action<string> touch)
    {
        foreach (var id in _parts.Replace(before, after, static message => (message.Content as OdfParticipants)?.People ?? []))
        {
            foreach (var key in _wanted.GetValueOrDefault(id) ?? [])
            {
                touch(key);
            }
        }
    }

    /// <summary>Notes whom an item asks for, in place of those whom it asked for until now.</summary>
    public void Want(string key, HashSet<string> ids)
    {
        var until = _wants.GetValueOrDefault(key);
        if (until is null ? ids.Count == 0 : until.SetEquals(ids))
        {
            return;
        }

        foreach (var id in until ?? [])
        {
            if (_wanted[id].Remove(key) && _wanted[id].Count == 0)
            {
                _wanted.Remove(id);
            }
        }

        foreach (var id in ids)
        {
            (_wanted.TryGetValue(id, out var keys) ? keys : _wanted[id] = new(StringComparer.Ordinal)).Add(key);
        }

        if (ids.Count == 0)
        {
            _wants.Remove(key);
        }
        else
        {
            _wants[key] = ids;
        }
    }

    /// <summary>A name by language; empty where nobody has said.</summary>
    public IReadOnlyDictionary<string, string> Names(string id)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in _parts.Find(id))
        {
            if (part.Content.Name.Length > 0)
            {
                names.TryAdd(OdfLanguages.Tag(part.Header.Language, settings.Locale), part.Content.Name);
            }
        }

        return names;
    }

    /// <summary>An organisation's code; empty where nobody has said.</summary>
    public string Organisation(string id) => _parts.Find(id).FirstOrDefault(p => p.Content.Organisation.Length > 0)?.Content.Organisation ?? "";
}
