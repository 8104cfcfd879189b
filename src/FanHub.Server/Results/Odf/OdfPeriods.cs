using FanHub.Contracts;

namespace FanHub.Server.Results.Odf;

/// <summary>The parts of a match, before it is known which of the two sides is whose.</summary>
internal sealed class OdfPeriods
{
    private readonly List<(string Name, string? Home, string? Away)> _periods = [];
    private string? _home;
    private string? _away;

    /// <summary>Reads the element that <paramref name="xml"/> is at.</summary>
    public void Read(OdfXml xml)
    {
        var depth = xml.Depth;
        _home = xml.Code("Home");
        _away = xml.Code("Away");
        while (xml.NextChild(depth))
        {
            if (xml.Name != "Period" || xml.Code("Code") is not { } name || name == "TOT")
                continue;
            // Where both are there, HomeScore is the match's score at the end of the period and HomePeriodScore the period's own.
            var (home, away) = (xml.Code("HomePeriodScore"), xml.Code("AwayPeriodScore"));
            if (home is null && away is null)
                (home, away) = (xml.Code("HomeScore"), xml.Code("AwayScore"));
            if (home is not null || away is not null)
                _periods.Add((name, home, away));
        }
    }

    /// <summary>Gives each side's score to its competitor.</summary>
    /// <param name="entries">The table's lines.</param>
    /// <param name="defects">Gets what is wrong.</param>
    public IReadOnlyList<ResultPeriod> ToList(IReadOnlyList<OdfTableLine> entries, OdfDefects defects)
    {
        if (_periods.Count == 0)
            return [];
        var sides = entries.Count == 2 ? OdfRanks.InOrder(entries, e => e.StartSortOrder ?? e.SortOrder) : null;
        var home = _home ?? entries.FirstOrDefault(e => e.Side == "H")?.Entry.Competitor.Id;
        var away = _away ?? entries.FirstOrDefault(e => e.Side == "A")?.Entry.Competitor.Id;
        if (sides is not null)
        {
            home ??= sides.Find(e => e.Entry.Competitor.Id != away)?.Entry.Competitor.Id;
            away ??= sides.Find(e => e.Entry.Competitor.Id != home)?.Entry.Competitor.Id;
        }

        if (home is null || away is null || home == away)
        {
            defects.Add("Periods are left out: it is not clear who is home and who is away.");
            return [];
        }

        return [.. _periods.Select(period =>
        {
            var scores = new Dictionary<string, string>();
            if (period.Home is not null)
                scores[home] = period.Home;
            if (period.Away is not null)
                scores[away] = period.Away;
            return new ResultPeriod(period.Name, scores);
        })];
    }
}
