using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Channels;

namespace FanHub.Server.Results.Desk;

/// <summary>Counts the medal table, composes it, and compares it with the source's own.</summary>
internal sealed class ComposeMedalTable(DeskSettings settings, DeskChannels channels, UnitTables tables, MedalEvents medals, People people)
{
    /// <summary>The table; null where there never was a medal.</summary>
    /// <param name="previousData">What was published last: a table that was shown becomes empty, it does not go away.</param>
    public Composed? Table(string? previousData)
    {
        var counts = Count();
        if (counts.Count == 0 && !medals.Known && previousData is null)
        {
            return null;
        }

        var rows = Rows(counts);
        var item = FitIntoItem.Fit(
            new PublishedTable { Organisations = rows },
            rows.Count,
            static item => item,
            static (item, count) => item with { Organisations = [.. item.Organisations.Take(count)] });
        return new(DeskKeys.MedalTable, ItemKinds.Medals, DeliveryClass.Logged, At(), Write(item, previousData), [channels.Medals]);
    }

    /// <summary>In what the source's own table differs from ours, for people.</summary>
    public IReadOnlyList<string> Differences()
    {
        if (medals.SourceTable is not { } source)
        {
            return [];
        }

        var counts = Count();
        return
        [
            .. counts.Keys.Union(source.Rows.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(organisation => (Organisation: organisation, Ours: counts.GetValueOrDefault(organisation), Theirs: source.Rows.GetValueOrDefault(organisation)))
                .Where(static o => o.Ours != o.Theirs)
                .Select(static o => $"{o.Organisation}: {Numbers(o.Ours)} counted, {Numbers(o.Theirs)} in the source's table (gold-silver-bronze)."),
        ];
    }

    /// <summary>The part of a code that names discipline, gender and event; of a code of another form all of it.</summary>
    private static string EventOf(string code)
    {
        const int EventLength = 22;
        return code.Length >= EventLength ? code[..EventLength] : code;
    }

    private static string Numbers((int Gold, int Silver, int Bronze) count) => $"{count.Gold}-{count.Silver}-{count.Bronze}";

    private Dictionary<string, (int Gold, int Silver, int Bronze)> Count()
    {
        var counts = new Dictionary<string, (int Gold, int Silver, int Bronze)>(StringComparer.Ordinal);
        foreach (var medal in medals.Events.Where(MedalEvents.Counts).SelectMany(MedalEvents.Medals))
        {
            Add(counts, medal.Medal, medal.Competitor);
        }

        // Where the source names an event's medallists, an editor who says the same of its final does not hand out the medals again.
        var told = medals.Events.Where(static e => e.Leader is not null).Select(static e => EventOf(e.Code)).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in tables.EditorsMedals.Where(r => !told.Contains(EventOf(r.Unit))).SelectMany(static r => r.Entries))
        {
            Add(counts, entry.Medal, entry.Competitor);
        }

        return counts;
    }

    private void Add(Dictionary<string, (int Gold, int Silver, int Bronze)> counts, string? medal, Competitor competitor)
    {
        var organisation = competitor.Organisation.Length > 0 ? competitor.Organisation : people.Organisation(competitor.Id);
        (int Gold, int Silver, int Bronze)? more = medal switch
        {
            MedalColours.Gold => (1, 0, 0),
            MedalColours.Silver => (0, 1, 0),
            MedalColours.Bronze => (0, 0, 1),
            _ => null,
        };
        if (more is { } one && organisation.Length > 0)
        {
            var until = counts.GetValueOrDefault(organisation);
            counts[organisation] = (until.Gold + one.Gold, until.Silver + one.Silver, until.Bronze + one.Bronze);
        }
    }

    private static List<MedalTableRow> Rows(Dictionary<string, (int Gold, int Silver, int Bronze)> counts)
    {
        var rows = new List<MedalTableRow>(counts.Count);
        foreach (var (organisation, count) in counts.OrderByDescending(static c => c.Value).ThenBy(static c => c.Key, StringComparer.Ordinal))
        {
            var tied = rows.Count > 0 && (rows[^1].Gold, rows[^1].Silver, rows[^1].Bronze) == count;
            rows.Add(new(organisation, count.Gold, count.Silver, count.Bronze, count.Gold + count.Silver + count.Bronze, tied ? rows[^1].Rank : rows.Count + 1));
        }

        return rows;
    }

    private DateTimeOffset At() => medals.Events.Where(static e => e.Leader is not null).Select(e => settings.AtVenue(e.Leader!.Header.LocalTime))
        .Concat(tables.EditorsMedals.Select(static r => r.At.ToUniversalTime()))
        .DefaultIfEmpty(DateTimeOffset.UnixEpoch)
        .Max();

    private byte[] Write(PublishedTable item, string? previousData)
    {
        if (previousData is null)
        {
            return FitIntoItem.Write(item);
        }

        var now = item.Organisations.ToDictionary(static r => r.Organisation, static r => (r.Gold, r.Silver, r.Bronze), StringComparer.Ordinal);
        var previous = Read(previousData);
        var differing = now.Keys.Union(previous.Keys, StringComparer.Ordinal).Where(o => now.GetValueOrDefault(o) != previous.GetValueOrDefault(o)).Order(StringComparer.Ordinal).ToList();
        if (differing.Count == 0)
        {
            return Encoding.UTF8.GetBytes(previousData);
        }

        var corrected = differing.Exists(o =>
        {
            var (counted, was) = (now.GetValueOrDefault(o), previous.GetValueOrDefault(o));
            return counted.Gold < was.Gold || counted.Silver < was.Silver || counted.Bronze < was.Bronze;
        });
        return FitIntoItem.Write(item with { Changes = FitIntoItem.Room(differing), Corrected = corrected ? true : null, Note = corrected ? Note() : null });
    }

    /// <summary>What the source says about the event whose medals moved.</summary>
    private Texts? Note() => medals.LastChanged is { Leader: not null } changed && ResultTexts.Notes(changed) is { } note ? new(note) : null;

    private static Dictionary<string, (int Gold, int Silver, int Bronze)> Read(string data)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.GetProperty("organisations").EnumerateArray().ToDictionary(
            static row => row.GetProperty("organisation").GetString()!,
            static row => (row.GetProperty("gold").GetInt32(), row.GetProperty("silver").GetInt32(), row.GetProperty("bronze").GetInt32()),
            StringComparer.Ordinal);
    }
}
