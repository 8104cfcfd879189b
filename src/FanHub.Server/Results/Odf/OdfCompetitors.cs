using FanHub.Contracts;

namespace FanHub.Server.Results.Odf;

/// <summary>Reads <c>Competitor</c> elements.</summary>
internal static class OdfCompetitors
{
    // What stands where a competitor is not known yet, or never will be.
    private static readonly HashSet<string> Placeholders = new(["TBD", "NOCOMP", "BYE", "NONE", "-"], StringComparer.OrdinalIgnoreCase);

    private sealed record Member(string Code, string Name, string? Organisation, int? Order);

    /// <summary>Reads the element that <paramref name="xml"/> is at.</summary>
    /// <param name="xml">At the start of <c>Competitor</c>; goes to its end.</param>
    /// <param name="organisations">Gets the competitor's organisation and those of its members.</param>
    /// <param name="defects">Gets what is wrong.</param>
    /// <returns>Null where it holds a place for nobody.</returns>
    public static Competitor? Read(OdfXml xml, ISet<string> organisations, OdfDefects defects)
    {
        var depth = xml.Depth;
        var code = xml.Code("Code");
        var type = xml.Code("Type");
        var organisation = xml.Code("Organisation");
        string? name = null;
        List<Member> members = [];
        while (xml.NextChild(depth))
        {
            if (xml.Name == "Description")
                name = OdfNames.Team(xml) ?? OdfNames.Person(xml);
            else if (xml.Name == "Composition")
                ReadMembers(xml, members);
        }

        if (code is null && members is [{ Code.Length: > 0 }] && type is null or "A")
            code = members[0].Code;
        if (code is null)
        {
            if (members.Count > 0 || organisation is not null)
                defects.Add("A Competitor has no Code and is left out.");
            return null;
        }

        if (Placeholders.Contains(code))
            return null;
        var individual = type is "A" || (type is null && members.Count <= 1);
        if (individual && members.Count > 0)
        {
            var person = members.Find(m => m.Code == code) ?? members[0];
            name ??= person.Name.Length > 0 ? person.Name : null;
            organisation ??= person.Organisation;
        }

        organisation ??= members.Select(m => m.Organisation).FirstOrDefault(o => o is not null);
        if (organisation is not null)
            organisations.Add(organisation);
        foreach (var member in members)
        {
            if (member.Organisation is not null)
                organisations.Add(member.Organisation);
        }

        return new Competitor
        {
            Id = code,
            Name = name ?? "",
            Organisation = organisation ?? "",
            Members = individual || members.Count == 0 ? null : [.. OdfRanks.InOrder(members, m => m.Order).Select(m => new TeamMember(m.Code, m.Name))],
        };
    }

    private static void ReadMembers(OdfXml xml, List<Member> members)
    {
        var depth = xml.Depth;
        while (xml.NextChild(depth))
        {
            if (xml.Name != "Athlete")
                continue;
            var member = new Member(xml.Code("Code") ?? "", "", xml.Code("Organisation"), xml.Number("Order"));
            var athlete = xml.Depth;
            while (xml.NextChild(athlete))
            {
                if (xml.Name == "Description")
                    member = member with { Name = OdfNames.Person(xml) ?? "", Organisation = xml.Code("Organisation") ?? member.Organisation };
            }

            // One whom neither a code nor a name tells is nobody to show.
            if ((member.Code.Length > 0 && !Placeholders.Contains(member.Code)) || member.Name.Length > 0)
                members.Add(member);
        }
    }
}
