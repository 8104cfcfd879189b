using System.Globalization;
using FanHub.Contracts;

namespace FanHub.Server.Results.Odf;

/// <summary>Reads medals.</summary>
internal static class OdfMedals
{
    /// <summary><c>gold</c>, <c>silver</c> or <c>bronze</c>; null for anything else.</summary>
    /// <param name="code">As it came: <c>ME_GOLD</c>.</param>
    public static string? Colour(string? code) => code?.ToUpperInvariant() switch
    {
        "ME_GOLD" or "GOLD" => "gold",
        "ME_SILVER" or "SILVER" => "silver",
        "ME_BRONZE" or "BRONZE" => "bronze",
        _ => null,
    };
}

/// <summary>Reads who won the medals of an event.</summary>
internal sealed class OdfMedallistReader(OdfDefects defects) : IOdfContentReader
{
    private readonly OdfDescriptions _descriptions = new();
    private readonly List<EventMedal> _medals = [];
    private readonly SortedSet<string> _organisations = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public bool ReadChild(OdfXml xml)
    {
        if (xml.Name != "Medal")
            return _descriptions.ReadChild(xml);
        var depth = xml.Depth;
        var code = xml.Code("Code");
        var colour = OdfMedals.Colour(code);
        if (colour is null)
        {
            defects.Add($"Medal Code '{code}' is no medal and is left out.");
            return true;
        }

        while (xml.NextChild(depth))
        {
            if (xml.Name == "Competitor" && OdfCompetitors.Read(xml, _organisations, defects) is { } competitor)
                _medals.Add(new EventMedal(colour, competitor));
        }

        return true;
    }

    /// <inheritdoc />
    public OdfContent ToContent() => new OdfMedallists
    {
        SportName = _descriptions.SportName,
        EventName = _descriptions.EventName,
        Medals = _medals,
        Organisations = [.. _organisations],
    };
}

/// <summary>Reads the source's own medal table.</summary>
internal sealed class OdfMedalTableReader(OdfDefects defects) : IOdfContentReader
{
    private readonly Dictionary<string, (int Gold, int Silver, int Bronze)> _rows = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public bool ReadChild(OdfXml xml)
    {
        if (xml.Name is not ("MedalStandings" or "MedalsTable" or "MedalLine"))
            return xml.Name is "ExtendedInfos";
        if (xml.Name == "MedalLine")
        {
            ReadLine(xml);
            return true;
        }

        var depth = xml.Depth;
        while (xml.NextChild(depth))
            ReadChild(xml);
        return true;
    }

    /// <inheritdoc />
    public OdfContent ToContent() => new OdfMedalTable(_rows);

    private void ReadLine(OdfXml xml)
    {
        var depth = xml.Depth;
        var organisation = xml.Code("Organisation");
        var row = (Gold: 0, Silver: 0, Bronze: 0);
        while (xml.NextChild(depth))
        {
            if (xml.Name != "MedalNumber")
                continue;
            // Either one element for all (Type="TOT", others being men's, women's, …) or one for each colour.
            var type = xml.Code("Type");
            switch (OdfMedals.Colour(type))
            {
                case "gold":
                    row.Gold = Count(xml, "TOT", "Value", "Total");
                    break;
                case "silver":
                    row.Silver = Count(xml, "TOT", "Value", "Total");
                    break;
                case "bronze":
                    row.Bronze = Count(xml, "TOT", "Value", "Total");
                    break;
                default:
                    if (type is null or "TOT")
                        row = (Count(xml, "Gold"), Count(xml, "Silver"), Count(xml, "Bronze"));
                    break;
            }
        }

        if (organisation is null)
            defects.Add("A MedalLine has no Organisation and is left out.");
        else
            _rows[organisation] = row;
    }

    // An absent number is none.
    private static int Count(OdfXml xml, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (int.TryParse(xml.Code(name), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return count;
        }

        return 0;
    }
}
