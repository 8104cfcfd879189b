using System.Globalization;
using System.Text.Json.Nodes;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>An item as fans are to have it, and where.</summary>
internal sealed record Shown(JsonObject Data, SortedSet<string> Channels);

/// <summary>
/// What fans have to see at the end, from the set of messages alone: slow, plain, and all from scratch. It knows no order of arrival, so neither may what it is compared with.
/// </summary>
internal sealed class FeedModel
{
    private readonly Dictionary<string, Shown> _items = [];
    private readonly List<ModelDocument> _documents;
    private readonly ModelLists _lists;

    private FeedModel(IEnumerable<Letter> letters, char flag)
    {
        _documents = ModelDocument.HeldOf(letters.Where(l => l.Fault == Fault.None && l.Flag == flag));
        _lists = new ModelLists(_documents);
    }

    /// <summary>All items, by key.</summary>
    /// <param name="letters">What arrived, in any order, any number of times.</param>
    /// <param name="flag">Which messages are let in.</param>
    public static IReadOnlyDictionary<string, Shown> Items(IEnumerable<Letter> letters, char flag = 'P')
    {
        var model = new FeedModel(letters, flag);
        model.AddTables();
        model.AddTelemetry();
        model.AddMedals();
        model.AddSchedule();
        return model._items;
    }

    /// <summary>The documents about one thing, one for each language that is held and not taken back: the one to go by first.</summary>
    private IEnumerable<(string Code, string Suffix, List<ModelDocument> Documents)> Of(string type)
    {
        foreach (var same in _documents.Where(d => d.Held.Type == type).GroupBy(d => (d.Held.Code, d.Held.Subtype)))
        {
            var valid = same.Where(d => d.Content is not null)
                .OrderByDescending(d => d.Held.Version).ThenByDescending(d => d.Tag == World.Locale).ThenBy(d => d.Tag, StringComparer.Ordinal).ToList();
            // What was taken back in one language is not replaced by what was said before it in another.
            var takenBack = same.Where(d => d.Content is null).Select(d => d.Held.Version).DefaultIfEmpty(0).Max();
            if (valid.Count > 0 && valid[0].Held.Version >= takenBack)
                yield return (same.Key.Code, same.Key.Subtype is null ? "" : "." + same.Key.Subtype, valid);
        }
    }

    private void AddTables()
    {
        foreach (var (type, table) in new[] { ("DT_RESULT", ""), ("DT_CUMULATIVE_RESULT", "cumulative"), ("DT_PHASE_RESULT", "phase") })
        {
            foreach (var (code, suffix, documents) in Of(type))
            {
                var letter = documents[0].Held;
                var body = (Table)letter.Body!;
                var data = new JsonObject
                {
                    ["unit"] = code,
                    ["sport"] = code[..3],
                    ["title"] = Title(code, documents, d => Joined((Table)d.Held.Body!)),
                    ["status"] = letter.Status?.ToLowerInvariant() ?? "unconfirmed",
                    ["at"] = ModelJson.Moment(letter.Time),
                    ["version"] = letter.Version,
                    ["entries"] = Entries(documents),
                };
                if (table.Length > 0)
                    data["table"] = table;
                AddPeriods(data, body);
                ModelJson.AddUnlessNull(data, "venue", body.Venue);
                AddNote(data, documents);
                var organisations = body.Lines.SelectMany(l => Organisations(l.Who));
                _items[$"result:{code}{(table.Length > 0 ? "." + table : "")}{suffix}"] = new Shown(data, [ModelJson.Channel("unit", code), ModelJson.Channel("sport", code[..3]), .. organisations.Select(o => ModelJson.Channel("noc", o))]);
            }
        }
    }

    private void AddTelemetry()
    {
        foreach (var (code, suffix, documents) in Of("DT_CURRENT"))
        {
            if (_items.TryGetValue("result:" + code, out var result) && (string?)result.Data["status"] == "official")
                continue;
            var letter = documents[0].Held;
            var data = new JsonObject { ["unit"] = code, ["at"] = ModelJson.Moment(letter.Time), ["version"] = letter.Version, ["entries"] = Entries(documents) };
            AddPeriods(data, (Table)letter.Body!);
            _items[$"telemetry:{code}{suffix}"] = new Shown(data, [ModelJson.Channel("unit", code)]);
        }
    }

    private void AddMedals()
    {
        var counts = World.Organisations.ToDictionary(o => o, _ => new int[3]);
        foreach (var (code, suffix, documents) in Of("DT_MEDALLISTS"))
        {
            var letter = documents[0].Held;
            var medals = ((Medallists)letter.Body!).Medals.OrderBy(m => Array.IndexOf(TableGenerator.Colours, m.Colour)).ToList();
            var data = new JsonObject
            {
                ["event"] = code,
                ["sport"] = code[..3],
                ["title"] = Title(code, documents, d => ((Medallists)d.Held.Body!).Event),
                ["status"] = letter.Status?.ToLowerInvariant() ?? "unconfirmed",
                ["at"] = ModelJson.Moment(letter.Time),
                ["version"] = letter.Version,
                ["medals"] = new JsonArray([.. medals.Select(m => new JsonObject
                {
                    ["medal"] = m.Colour,
                    ["competitor"] = Competitor(m.Who, documents, d => ((Medallists)d.Held.Body!).Medals.Select(x => x.Who)),
                })]),
            };
            AddNote(data, documents);
            var organisations = medals.SelectMany(m => Organisations(m.Who));
            _items[$"medals:{code}{suffix}"] = new Shown(data, ["medals", ModelJson.Channel("sport", code[..3]), .. organisations.Select(o => ModelJson.Channel("noc", o))]);
            if (letter.Status is not ("OFFICIAL" or "PARTIAL"))
                continue;
            foreach (var (colour, who) in medals)
                counts[who.Organisation][Array.IndexOf(TableGenerator.Colours, colour)]++;
        }

        var rows = counts.Where(c => c.Value.Sum() > 0).OrderByDescending(c => c.Value[0]).ThenByDescending(c => c.Value[1]).ThenByDescending(c => c.Value[2]).ThenBy(c => c.Key, StringComparer.Ordinal).ToList();
        if (rows.Count == 0)
            return;
        var table = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["organisation"] = row.Key,
            ["gold"] = row.Value[0],
            ["silver"] = row.Value[1],
            ["bronze"] = row.Value[2],
            ["total"] = row.Value.Sum(),
            // One more than how many are better.
            ["rank"] = 1 + rows.Count(other => Better(other.Value, row.Value)),
        })]);
        _items["medals:table"] = new Shown(new JsonObject { ["organisations"] = table }, ["medals"]);
    }

    private static bool Better(int[] a, int[] b) => a[0] != b[0] ? a[0] > b[0] : a[1] != b[1] ? a[1] > b[1] : a[2] > b[2];

    private void AddSchedule()
    {
        var shown = _lists.Slots.Values.Select(s => s[0]).Where(s => !s.Deleted && s.Status != "UNSCHEDULED");
        foreach (var day in shown.GroupBy(s => (Day: s.Day ?? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(s.Start, World.Zone).DateTime), Sport: s.Code[..3])))
        {
            var date = day.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var units = new JsonArray([.. day.OrderBy(s => s.Start).Select(slot =>
            {
                var unit = new JsonObject { ["unit"] = slot.Code, ["title"] = ModelJson.Text(ModelLists.Names(_lists.Slots[slot.Code]) is { Count: > 0 } names ? names : new() { [World.Locale] = slot.Code }), ["status"] = slot.Status.ToLowerInvariant() };
                ModelJson.AddUnlessNull(unit, "start", slot.Hidden ? null : ModelJson.Moment(slot.Start));
                ModelJson.AddUnlessNull(unit, "end", slot.End is { } end ? ModelJson.Moment(end) : null);
                ModelJson.AddUnlessNull(unit, "venue", slot.Venue);
                if (slot.Medal)
                    unit["medal"] = true;
                return unit;
            })]);
            _items[$"schedule:{date}.{day.Key.Sport}"] = new Shown(new JsonObject { ["day"] = date, ["sport"] = day.Key.Sport, ["units"] = units }, ["schedule", ModelJson.Channel("sport", day.Key.Sport)]);
        }
    }

    private JsonArray Entries(List<ModelDocument> documents)
    {
        var lines = ((Table)documents[0].Held.Body!).Lines;
        return new JsonArray([.. lines.OrderBy(l => l.Sort ?? int.MaxValue).Select(line =>
        {
            var entry = new JsonObject { ["competitor"] = Competitor(line.Who, documents, d => ((Table)d.Held.Body!).Lines.Select(l => l.Who)) };
            if (ModelJson.Place(line) is { } place)
            {
                entry["rank"] = place;
                if (line.SaysEqual || lines.Count(l => ModelJson.Place(l) == place) > 1)
                    entry["rankEqual"] = true;
            }
            else
            {
                ModelJson.AddUnlessNull(entry, "rankText", line.Rank);
            }

            ModelJson.AddUnlessNull(entry, "result", line.Result);
            ModelJson.AddUnlessNull(entry, "resultType", line.ResultType);
            ModelJson.AddUnlessNull(entry, "diff", line.Diff);
            ModelJson.AddUnlessNull(entry, "mark", line.Mark);
            ModelJson.AddUnlessNull(entry, "medal", line.Medal);
            ModelJson.AddUnlessNull(entry, "qualified", line.Qualified);
            ModelJson.AddUnlessNull(entry, "outcome", line.Outcome);
            ModelJson.AddUnlessNull(entry, "start", line.Start);
            if (line.Records.Count > 0)
                entry["records"] = new JsonArray([.. line.Records.Select(r => (JsonNode)r)]);
            return entry;
        })]);
    }

    private JsonObject Competitor(Who who, List<ModelDocument> documents, Func<ModelDocument, IEnumerable<Who>> of)
    {
        var others = documents.Skip(1).SelectMany(d => of(d).SelectMany(Everybody).Select(p => (d.Tag, Person: p))).ToList();
        var competitor = new JsonObject { ["id"] = who.Id, ["name"] = Name(who.Id, who.Name), ["organisation"] = who.Organisation };
        if (who.Members is not null)
            competitor["members"] = new JsonArray([.. who.Members.Select(m => new JsonObject { ["id"] = m.Id, ["name"] = Name(m.Id, m.Name) })]);
        return competitor;

        // As the message itself says and, for other languages, whatever they call somebody with this id; else what the participants are called; else the id.
        JsonNode Name(string id, string? name)
        {
            var names = ModelJson.FirstOfEach([(documents[0].Tag, name), .. others.Where(o => o.Person.Id == id).Select(o => (o.Tag, o.Person.Name))]);
            return names.Count > 0 ? ModelJson.Text(names) : _lists.People.TryGetValue(id, out var people) ? people[0] : id;
        }
    }

    private static IEnumerable<(string Id, string? Name)> Everybody(Who who) => [(who.Id, who.Name), .. who.Members?.Select(m => (m.Id, m.Name)) ?? []];

    private JsonNode Title(string code, List<ModelDocument> documents, Func<ModelDocument, string?> of)
    {
        var titles = ModelJson.FirstOfEach(documents.Select(d => (d.Tag, of(d))));
        if (titles.Count == 0 && _lists.Slots.TryGetValue(code, out var slots))
            titles = ModelLists.Names(slots);
        return ModelJson.Text(titles.Count > 0 ? titles : new() { [World.Locale] = code });
    }

    private static string? Joined(Table table) =>
        table.Event is null ? table.Unit : table.Unit is null ? table.Event : table.Unit.StartsWith(table.Event, StringComparison.Ordinal) ? table.Unit : $"{table.Event} {table.Unit}";

    private static void AddPeriods(JsonObject data, Table body)
    {
        if (body.Periods.Count == 0)
            return;
        data["periods"] = new JsonArray([.. body.Periods.Select(p => new JsonObject
        {
            ["name"] = p.Name,
            ["scores"] = new JsonObject { [body.Lines[0].Who.Id] = p.Home, [body.Lines[1].Who.Id] = p.Away },
        })]);
    }

    private static void AddNote(JsonObject data, List<ModelDocument> documents)
    {
        // A note is about its version, and nothing but translations of it are shown with it.
        if (documents[0].Held.Note is null)
            return;
        var notes = ModelJson.FirstOfEach(documents.Where(d => d.Held.Version == documents[0].Held.Version).Select(d => (d.Tag, d.Held.Note?.Replace("<p>", "", StringComparison.Ordinal).Replace("</p>", "", StringComparison.Ordinal))));
        data["note"] = ModelJson.Text(notes);
    }

    private static IEnumerable<string> Organisations(Who who) => [who.Organisation, .. who.Members?.Select(m => m.Organisation) ?? []];
}
