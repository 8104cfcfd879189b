using FanHub.Contracts;
using FanHub.Server.Channels;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>Competitors as an item shows them: with names where the message has none, in all languages.</summary>
internal sealed class ShownCompetitors
{
    private const int MaxNameLength = 200;

    private readonly DocumentGroup _group;
    private readonly People _people;
    private readonly List<(string Language, Dictionary<string, string> Names)> _others = [];

    public ShownCompetitors(DocumentGroup group, People people)
    {
        (_group, _people) = (group, people);
        if (group.Editors is null)
        {
            foreach (var document in group.Documents.Skip(1))
            {
                _others.Add((group.LanguageOf(document), NamesIn(document)));
            }

            // Only the message knows where a team's members come from.
            Organisations.UnionWith(group.Leader?.Content switch
            {
                OdfTable table => table.Organisations,
                OdfMedallists medallists => medallists.Organisations,
                _ => [],
            });
        }
    }

    /// <summary>The organisations of all who were shown, members included, by code.</summary>
    public SortedSet<string> Organisations { get; } = new(StringComparer.Ordinal);

    /// <summary>A competitor, as it is shown.</summary>
    public PublishedCompetitor Show(Competitor competitor)
    {
        var organisation = competitor.Organisation.Length > 0 ? competitor.Organisation : _people.Organisation(competitor.Id);
        Note(organisation);
        return new PublishedCompetitor
        {
            Id = competitor.Id,
            Name = Name(competitor.Id, competitor.Name),
            Organisation = organisation,
            Members = competitor.Members is { Count: > 0 } members ? [.. members.Select(Show)] : null,
        };
    }

    private PublishedMember Show(TeamMember member)
    {
        Note(_people.Organisation(member.Id));
        return new(member.Id, Name(member.Id, member.Name));
    }

    private void Note(string organisation)
    {
        if (organisation.Length > 0)
        {
            Organisations.Add(organisation);
        }
    }

    /// <summary>Text, or <see cref="Texts"/> where languages differ.</summary>
    private object Name(string id, string name)
    {
        if (name.Length > 0 && _others.Count == 0)
        {
            return ResultTexts.Cut(name, MaxNameLength);
        }

        IReadOnlyDictionary<string, string> names = Told(id, name);
        if (names.Count == 0)
        {
            names = _people.Names(id);
        }

        using var values = names.Values.GetEnumerator();
        if (!values.MoveNext())
        {
            return id;
        }

        var first = values.Current;
        return names.Values.All(n => string.Equals(n, first, StringComparison.Ordinal))
            ? ResultTexts.Cut(first, MaxNameLength)
            : new Texts(names.ToDictionary(n => n.Key, n => ResultTexts.Cut(n.Value, MaxNameLength), StringComparer.Ordinal));
    }

    private Dictionary<string, string> Told(string id, string name)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (name.Length > 0)
        {
            names.Add(_group.Leader is { } leader ? _group.LanguageOf(leader) : _group.Locale, name);
        }

        foreach (var (language, others) in _others)
        {
            if (others.TryGetValue(id, out var other))
            {
                names.TryAdd(language, other);
            }
        }

        return names;
    }

    private static Dictionary<string, string> NamesIn(OdfMessage message)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<Competitor> competitors = message.Content switch
        {
            OdfTable table => table.Entries.Select(static e => e.Competitor),
            OdfMedallists medallists => medallists.Medals.Select(static m => m.Competitor),
            _ => [],
        };
        foreach (var competitor in competitors)
        {
            if (competitor.Name.Length > 0)
            {
                names.TryAdd(competitor.Id, competitor.Name);
            }

            foreach (var member in competitor.Members ?? [])
            {
                if (member.Name.Length > 0)
                {
                    names.TryAdd(member.Id, member.Name);
                }
            }
        }

        return names;
    }
}

/// <summary>Whom an item asks for.</summary>
internal static class WantedPeople
{
    /// <summary>Adds those whose name or organisation the message does not have: of members it never has the organisation.</summary>
    public static void AddWanted(this Competitor competitor, HashSet<string> ids)
    {
        if (competitor.Name.Length == 0 || competitor.Organisation.Length == 0)
        {
            ids.Add(competitor.Id);
        }

        foreach (var member in competitor.Members ?? [])
        {
            ids.Add(member.Id);
        }
    }
}
