namespace FanHub.Server.Results.Odf;

/// <summary>Reads the names of people and teams.</summary>
internal sealed class OdfParticipantReader(OdfDefects defects) : IOdfContentReader
{
    private readonly List<OdfParticipant> _people = [];

    /// <inheritdoc />
    public bool ReadChild(OdfXml xml)
    {
        if (xml.Name is not ("Participant" or "Team"))
            return xml.Name is "ExtendedInfos" or "Discipline";
        var code = xml.Code("Code");
        var name = xml.Name == "Team" ? OdfNames.Team(xml) : OdfNames.Person(xml);
        if (code is null)
            defects.Add($"A {xml.Name} has no Code and is left out.");
        else if (name is null)
            defects.Add($"A {xml.Name} has no name and is left out.");
        else
            _people.Add(new OdfParticipant(code, name, xml.Code("Organisation") ?? ""));
        return true;
    }

    /// <inheritdoc />
    public OdfContent ToContent() => new OdfParticipants(_people);
}
