namespace FanHub.Server.Results.Odf;

/// <summary>Reads what a unit is called and where it takes place.</summary>
internal sealed class OdfDescriptions
{
    /// <summary>The discipline's name.</summary>
    public string? SportName { get; private set; }

    /// <summary>The event's name.</summary>
    public string? EventName { get; private set; }

    /// <summary>The unit's name, with the event's or without.</summary>
    public string? UnitName { get; private set; }

    /// <summary>The venue's name.</summary>
    public string? Venue { get; private set; }

    /// <summary>Reads an element if it is one of those; they come in <c>ExtendedInfos</c> or beside it.</summary>
    public bool ReadChild(OdfXml xml)
    {
        switch (xml.Name)
        {
            case "ExtendedInfos":
                var depth = xml.Depth;
                while (xml.NextChild(depth))
                {
                    if (xml.Name != "ExtendedInfos")
                        ReadChild(xml);
                }

                return true;
            case "SportDescription":
                SportName ??= xml.Line("DisciplineName") ?? xml.Line("SportName");
                EventName ??= xml.Line("EventName");
                UnitName ??= xml.Line("SubEventName") ?? xml.Line("UnitName");
                return true;
            case "VenueDescription":
                Venue ??= xml.Line("VenueName") ?? xml.Line("LocationName") ?? xml.Line("Venue");
                return true;
            default:
                return false;
        }
    }
}
