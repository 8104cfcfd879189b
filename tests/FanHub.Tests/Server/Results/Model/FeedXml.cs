using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>Writes messages as feeds do.</summary>
internal static class FeedXml
{
    public static byte[] Write(Letter letter)
    {
        if (letter.Fault == Fault.NoXml)
            return Encoding.UTF8.GetBytes($"no XML at all, about {letter.Code}");
        var root = new XElement(
            "OdfBody",
            new XAttribute("CompetitionCode", Letter.Competition),
            new XAttribute("DocumentCode", letter.Code),
            new XAttribute("DocumentType", letter.Type),
            new XAttribute("Version", letter.Version),
            // Absent and empty are the same.
            letter.Version % 2 == 0 ? new XAttribute("DocumentSubcode", "") : null,
            Optional("DocumentSubtype", letter.Subtype),
            Optional("Language", letter.Language),
            Optional("ResultStatus", letter.Status),
            letter.Fault == Fault.LacksFlag ? null : new XAttribute("FeedFlag", letter.Flag),
            new XAttribute("Date", letter.Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            new XAttribute("Time", letter.Time.ToString(letter.Version % 3 == 0 ? "HH:mm:ss.fff" : "HHmmssfff", CultureInfo.InvariantCulture)),
            new XAttribute("LogicalDate", letter.Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            new XAttribute("Source", letter.Source));
        if (letter.Body is not null)
            root.Add(new XElement("Competition", Content(letter.Body)));
        if (letter.Note is not null)
            root.Add(new XElement("Note", letter.Note));
        var xml = root.ToString(SaveOptions.DisableFormatting);
        if (letter.Fault == Fault.CutShort)
            xml = xml[..(xml.LastIndexOf('<') - 1)];
        return Encoding.UTF8.GetBytes((letter.Fault == Fault.DeclaresType ? "<!DOCTYPE OdfBody>" : """<?xml version="1.0" encoding="UTF-8"?>""") + xml);
    }

    private static IEnumerable<XElement> Content(Body body) => body switch
    {
        Table table => Lines(table),
        Medallists medallists => [Infos(medallists.Event, null, null), .. medallists.Medals.Select(m => new XElement("Medal", new XAttribute("Code", "ME_" + m.Colour.ToUpperInvariant()), Competitor(m.Who)))],
        Schedule schedule => schedule.Slots.Select(Unit),
        People people => people.Names.Select(Person),
        Standings standings => [new XElement("MedalStandings", standings.Rows.Select(Row))],
        Communication communication => [new XElement("Communication", new XAttribute("Title", communication.Title), new XElement("Text", communication.Text))],
        _ => [new XElement("Weather", new XAttribute("Code", "SUN"))],
    };

    private static IEnumerable<XElement> Lines(Table table)
    {
        yield return Infos(table.Event, table.Unit, table.Venue);
        if (table.Periods.Count > 0)
        {
            yield return new XElement(
                "Periods",
                new XAttribute("Home", table.Lines[0].Who.Id),
                new XAttribute("Away", table.Lines[1].Who.Id),
                table.Periods.Select(p => new XElement("Period", new XAttribute("Code", p.Name), new XAttribute("HomePeriodScore", p.Home), new XAttribute("AwayPeriodScore", p.Away))));
        }

        foreach (var line in table.Lines)
        {
            yield return new XElement(
                "Result",
                new XAttribute("Rank", line.Rank ?? ""),
                line.SaysEqual ? new XAttribute("RankEqual", "Y") : null,
                line.Sort is { } sort ? new XAttribute("SortOrder", sort) : null,
                Optional("Result", line.Result),
                Optional("ResultType", line.ResultType),
                Optional("Diff", line.Diff),
                Optional("IRM", line.Mark),
                Optional("Medal", line.Medal is null ? null : "ME_" + line.Medal.ToUpperInvariant()),
                Optional("QualificationMark", line.Qualified),
                Optional("WLT", line.Outcome),
                Optional("StartOrder", line.Start),
                Competitor(line.Who),
                line.Records.Count == 0 ? null : new XElement("RecordIndicators", line.Records.Select((r, i) => new XElement("RecordIndicator", new XAttribute("Order", i + 1), new XAttribute("RecordType", r)))),
                new XElement("ExtendedResults"));
        }
    }

    private static XElement Infos(string? name, string? unit, string? venue) => new(
        "ExtendedInfos",
        new XElement("SportDescription", new XAttribute("EventName", name ?? ""), Optional("SubEventName", unit)),
        venue is null ? null : new XElement("VenueDescription", new XAttribute("VenueName", venue)));

    private static XElement Competitor(Who who) => who.Members is null
        ? new XElement(
            "Competitor",
            new XAttribute("Code", who.Id),
            new XAttribute("Type", "A"),
            new XAttribute("Organisation", who.Organisation),
            new XElement("Composition", new XElement("Athlete", new XAttribute("Code", who.Id), new XAttribute("Order", 1), Described(who.Name, who.Organisation))))
        : new XElement(
            "Competitor",
            new XAttribute("Code", who.Id),
            new XAttribute("Type", "T"),
            new XAttribute("Organisation", who.Organisation),
            who.Name is null ? null : new XElement("Description", new XAttribute("TeamName", who.Name)),
            // The order counts, not the place.
            new XElement("Composition", who.Members.Select((m, i) => new XElement("Athlete", new XAttribute("Code", m.Id), new XAttribute("Order", i + 1), Described(m.Name, m.Organisation))).Reverse()));

    private static XElement Described(string? name, string organisation)
    {
        var parts = name?.Split(' ', 2);
        return new XElement("Description", Optional("GivenName", parts?[0]), Optional("FamilyName", parts?[1]), new XAttribute("Organisation", organisation));
    }

    private static XElement Unit(Slot slot) => new(
        "Unit",
        new XAttribute("Code", slot.Code),
        new XAttribute("ScheduleStatus", slot.Status),
        new XAttribute("StartDate", Moment(slot.Start)),
        slot.End is { } end ? new XAttribute("EndDate", Moment(end)) : null,
        slot.Day is { } day ? new XAttribute("LogicalDate", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : null,
        slot.Hidden ? new XAttribute("HideStartDate", "Y") : null,
        slot.Medal ? new XAttribute("Medal", "1") : null,
        slot.Deleted ? new XAttribute("ModificationIndicator", "D") : null,
        slot.Names.Select(n => new XElement("ItemName", Optional("Language", n.Language), new XAttribute("Value", n.Name))),
        slot.Venue is null ? null : new XElement("VenueDescription", new XAttribute("VenueName", slot.Venue)));

    private static XElement Person((string Id, string Name, bool Team) person) => person.Team
        ? new XElement("Team", new XAttribute("Code", person.Id), new XAttribute("Name", person.Name))
        : new XElement("Participant", new XAttribute("Code", person.Id), new XAttribute("GivenName", person.Name.Split(' ', 2)[0]), new XAttribute("FamilyName", person.Name.Split(' ', 2)[1]));

    private static XElement Row((string Organisation, int Gold, int Silver, int Bronze) row) => new(
        "MedalLine",
        new XAttribute("Organisation", row.Organisation),
        new XElement("MedalNumber", new XAttribute("Type", "TOT"), new XAttribute("Gold", row.Gold), new XAttribute("Silver", row.Silver), new XAttribute("Bronze", row.Bronze)));

    private static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static XAttribute? Optional(string name, string? value) => value is null ? null : new XAttribute(name, value);
}
