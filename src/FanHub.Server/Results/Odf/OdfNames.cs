namespace FanHub.Server.Results.Odf;

/// <summary>Finds the name to show among the attributes of an element.</summary>
internal static class OdfNames
{
    /// <summary>A person's: as it is printed, or given name and family name; null where there is none.</summary>
    public static string? Person(OdfXml xml)
    {
        if ((xml.Line("PrintName") ?? xml.Line("TVName")) is { } whole)
            return whole;
        var given = xml.Line("GivenName");
        var family = xml.Line("FamilyName");
        return given is null ? family : family is null ? given : OdfText.Clean($"{given} {family}", OdfText.MaxText);
    }

    /// <summary>A team's; null where there is none.</summary>
    public static string? Team(OdfXml xml) => xml.Line("TeamName") ?? xml.Line("Name") ?? xml.Line("TVTeamName") ?? xml.Line("ShortName");
}
