namespace FanHub.Server.Results.Odf;

/// <summary>Reads the schedule.</summary>
internal sealed class OdfScheduleReader(OdfReading settings, string language, OdfDefects defects) : IOdfContentReader
{
    private readonly List<OdfScheduleUnit> _units = [];

    /// <inheritdoc />
    public bool ReadChild(OdfXml xml)
    {
        if (xml.Name == "Unit")
            ReadUnit(xml);
        return xml.Name is "Unit" or "Session" or "ExtendedInfos";
    }

    /// <inheritdoc />
    public OdfContent ToContent() => new OdfSchedule(_units);

    private void ReadUnit(OdfXml xml)
    {
        var code = xml.Code("Code");
        if (code is null)
        {
            defects.Add("A Unit has no Code and is left out.");
            return;
        }

        var unit = new OdfScheduleUnit
        {
            Code = code,
            Status = xml.Code("ScheduleStatus"),
            Start = Moment(xml, "StartDate", out var day),
            StartHidden = xml.Flag("HideStartDate"),
            End = xml.Flag("HideEndDate") ? null : Moment(xml, "EndDate", out _),
            Day = OdfTimes.Day(xml.Code("LogicalDate")) ?? day,
            Order = xml.Number("Order"),
            Medal = xml.Code("Medal")?.ToUpperInvariant() is not (null or "0" or "N" or "NO" or "FALSE"),
            Deleted = string.Equals(xml.Code("ModificationIndicator"), "D", StringComparison.OrdinalIgnoreCase),
            Names = new Dictionary<string, string>(),
        };
        var venue = xml.Line("Venue");
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            switch (xml.Name)
            {
                case "ItemName":
                    var tag = OdfLanguages.Tag(xml.Code("Language"), language);
                    if ((xml.Line("Value") ?? OdfHtml.ToText(xml.InnerText(), OdfText.MaxText)) is { } name)
                        names.TryAdd(tag, name);
                    break;
                case "VenueDescription":
                    venue = xml.Line("VenueName") ?? venue ?? xml.Line("LocationName");
                    break;
            }
        }

        _units.Add(unit with { Venue = venue, Names = names });
    }

    // A day without a time says when only roughly.
    private DateTimeOffset? Moment(OdfXml xml, string name, out DateOnly? day)
    {
        day = null;
        if (xml.Code(name) is not { } text)
            return null;
        if (OdfTimes.Moment(text, settings.Zone) is { } moment)
            return moment;
        day = OdfTimes.Day(text);
        if (day is null)
            defects.Add($"{name} '{text}' is no date and time.");
        return null;
    }
}
