using FanHub.Contracts;

namespace FanHub.Server.Results.Odf;

/// <summary>A line of a table with what only its order and its side depend on.</summary>
/// <param name="Entry">The line.</param>
/// <param name="SortOrder">Its place in the order to be shown; null where the message has none that can be used.</param>
/// <param name="StartSortOrder">Its place in the start list's order.</param>
/// <param name="Side"><c>H</c> or <c>A</c> where the message says that it is the home or the away side.</param>
internal sealed record OdfTableLine(ResultEntry Entry, int? SortOrder, int? StartSortOrder, string? Side);

/// <summary>Reads tables of entries.</summary>
internal sealed class OdfTables(OdfDefects defects) : IOdfContentReader
{
    private readonly OdfDescriptions _descriptions = new();
    private readonly List<OdfTableLine> _lines = [];
    private readonly SortedSet<string> _organisations = new(StringComparer.Ordinal);
    private readonly OdfPeriods _periods = new();

    /// <inheritdoc />
    public bool ReadChild(OdfXml xml)
    {
        switch (xml.Name)
        {
            case "Result":
                ReadLine(xml);
                return true;
            case "Periods":
                _periods.Read(xml);
                return true;
            default:
                return _descriptions.ReadChild(xml);
        }
    }

    /// <inheritdoc />
    public OdfContent ToContent()
    {
        if (_lines.Exists(line => line.SortOrder is null))
            defects.Add("SortOrder is absent or no number from 1: such entries come last, as they came.");
        if (_lines.Where(line => line.SortOrder is not null).GroupBy(line => line.SortOrder).Any(same => same.Count() > 1))
            defects.Add("SortOrder is repeated: such entries are in the order in which they came.");
        var entries = OdfRanks.InOrder(_lines, line => line.SortOrder).ConvertAll(line => line.Entry);
        OdfRanks.MarkTies(entries, defects);
        return new OdfTable
        {
            SportName = _descriptions.SportName,
            EventName = _descriptions.EventName,
            UnitName = _descriptions.UnitName,
            Venue = _descriptions.Venue,
            Entries = entries,
            Periods = _periods.ToList(_lines, defects),
            Organisations = [.. _organisations],
        };
    }

    private void ReadLine(OdfXml xml)
    {
        var depth = xml.Depth;
        var (sort, startSort, side) = (xml.Number("SortOrder"), xml.Number("StartSortOrder"), xml.Code("HomeAway"));
        var rank = xml.Code("Rank");
        var rankEqual = xml.Flag("RankEqual");
        var (result, type, diff, mark) = (xml.Line("Result"), xml.Code("ResultType"), xml.Line("Diff"), xml.Code("IRM"));
        var (qualified, outcome, start, medal) = (xml.Code("QualificationMark"), Outcome(xml.Code("WLT")), xml.Code("StartOrder"), OdfMedals.Colour(xml.Code("Medal")));
        Competitor? competitor = null;
        List<(string Name, int? Order)> records = [];
        var somebody = false;
        while (xml.NextChild(depth))
        {
            switch (xml.Name)
            {
                case "Competitor":
                    somebody = true;
                    side ??= xml.Code("HomeAway");
                    competitor = OdfCompetitors.Read(xml, _organisations, defects) ?? competitor;
                    break;
                case "RecordIndicators":
                    ReadRecords(xml, records);
                    break;
                case "ExtendedResults" when result is null && mark is null:
                    ReadLive(xml, ref rank, ref result, ref diff);
                    break;
            }
        }

        if (competitor is null)
        {
            if (!somebody && (rank ?? result ?? mark) is not null)
                defects.Add("A Result has no Competitor and is left out.");
            return;
        }

        var (place, text, equal) = OdfRanks.Read(rank);
        if (rank is not null && (place is null || equal))
            defects.Add($"Rank '{rank}' is no number from 1.");
        _lines.Add(new OdfTableLine(
            new ResultEntry
            {
                Rank = place,
                RankText = text,
                RankEqual = place is not null && (equal || rankEqual) ? true : null,
                Competitor = competitor,
                Result = result == mark ? null : result,
                ResultType = type,
                Diff = diff,
                Mark = mark,
                Medal = medal,
                Qualified = qualified,
                Outcome = outcome,
                Start = start,
                Records = records.Count == 0 ? null : [.. OdfRanks.InOrder(records, r => r.Order).Select(r => r.Name).Distinct(StringComparer.Ordinal)],
            },
            sort,
            startSort,
            side?.ToUpperInvariant()));
    }

    private string? Outcome(string? wlt)
    {
        var outcome = wlt?.ToUpperInvariant() switch { "W" => "W", "L" => "L", "T" or "D" => "T", _ => null };
        if (wlt is not null && outcome is null)
            defects.Add($"WLT '{wlt}' is none of W, L and T.");
        return outcome;
    }

    // Code is the event's or, as it used to be, the record's own.
    private static void ReadRecords(OdfXml xml, List<(string Name, int? Order)> records)
    {
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name == "RecordIndicator" && (xml.Code("RecordType") ?? (xml.Code("Code") is { Length: <= 10 } code ? code : null)) is { } name)
                records.Add((name, xml.Number("Order")));
        }
    }

    // Some disciplines tell how a race goes only here, while it goes.
    private static void ReadLive(OdfXml xml, ref string? rank, ref string? result, ref string? diff)
    {
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name != "ExtendedResult" || xml.Code("Code") != "LIVE")
                continue;
            result ??= xml.Line("Value");
            rank ??= xml.Code("Rank");
            diff ??= xml.Line("Diff");
        }
    }
}
