namespace FanHub.Tests.Server.Results.Model;

/// <summary>What is wrong with a message as a whole.</summary>
internal enum Fault
{
    None,

    /// <summary>Cut short after its header: let in, but its body cannot be read.</summary>
    CutShort,

    /// <summary>Not let in: it declares a document type.</summary>
    DeclaresType,

    /// <summary>Not let in: the header lacks the flag.</summary>
    LacksFlag,

    /// <summary>Not let in.</summary>
    NoXml,
}

/// <summary>A message of a feed as its sender means it: what <see cref="FeedXml"/> writes and <see cref="FeedModel"/> reasons about.</summary>
internal sealed record Letter
{
    public const string Competition = "XG2030";

    public required string Type { get; init; }

    public required string Code { get; init; }

    public string? Subtype { get; init; }

    public string? Language { get; init; }

    public required long Version { get; init; }

    public string? Status { get; init; }

    public char Flag { get; init; } = 'P';

    /// <summary>At the venue.</summary>
    public required DateTime Time { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    /// <summary>Null: the message takes its version back.</summary>
    public Body? Body { get; init; }

    public Fault Fault { get; init; }

    public string Key => $"{Competition}|{Code}||{Type}|{Subtype}|{Language}";

    public override string ToString() =>
        $"{Type} {Code}{(Subtype is null ? "" : "." + Subtype)} {Language} v{Version} {Source} {Status} {Flag} {Time:MM-dd HH:mm:ss} {(Fault != Fault.None ? Fault : Body is null ? "INVALIDATES" : Body)}{(Note is null ? "" : " note: " + Note)}";
}

internal abstract record Body;

/// <summary>Lines in the order in which the message has them, which need not be that of their <see cref="Line.Sort"/>.</summary>
internal sealed record Table(string? Event, string? Unit, string? Venue, IReadOnlyList<Line> Lines, IReadOnlyList<(string Name, string Home, string Away)> Periods) : Body
{
    public override string ToString() => $"[{string.Join(", ", Lines.Select(l => $"{l.Rank}:{l.Who.Id}{l.Mark}"))}]";
}

internal sealed record Line(Who Who)
{
    public int? Sort { get; init; }

    public string? Rank { get; init; }

    public bool SaysEqual { get; init; }

    public string? Result { get; init; }

    public string? ResultType { get; init; }

    public string? Diff { get; init; }

    public string? Mark { get; init; }

    public string? Medal { get; init; }

    public string? Qualified { get; init; }

    public string? Outcome { get; init; }

    public string? Start { get; init; }

    public IReadOnlyList<string> Records { get; init; } = [];
}

/// <summary>A competitor as a message writes it; without a name where the message leaves that to the lists of participants.</summary>
internal sealed record Who(string Id, string Organisation, string? Name, IReadOnlyList<Teammate>? Members);

internal sealed record Teammate(string Id, string? Name, string Organisation);

internal sealed record Medallists(string? Event, IReadOnlyList<(string Colour, Who Who)> Medals) : Body
{
    public override string ToString() => $"[{string.Join(", ", Medals.Select(m => $"{m.Colour}:{m.Who.Organisation}"))}]";
}

internal sealed record Schedule(IReadOnlyList<Slot> Slots) : Body
{
    public override string ToString() => $"[{string.Join(", ", Slots.Select(s => $"{s.Code} {s.Status}{(s.Deleted ? " D" : "")} {s.Start:MM-dd HH:mm}"))}]";
}

/// <summary>One unit of the schedule. Its names are by the feed's languages; null is the message's own.</summary>
internal sealed record Slot(string Code, string Status, DateTimeOffset Start)
{
    public DateTimeOffset? End { get; init; }

    public DateOnly? Day { get; init; }

    public bool Hidden { get; init; }

    public bool Medal { get; init; }

    public bool Deleted { get; init; }

    public string? Venue { get; init; }

    public IReadOnlyList<(string? Language, string Name)> Names { get; init; } = [];
}

internal sealed record People(IReadOnlyList<(string Id, string Name, bool Team)> Names) : Body
{
    public override string ToString() => $"[{string.Join(", ", Names.Select(n => $"{n.Id} {n.Name}"))}]";
}

internal sealed record Standings(IReadOnlyList<(string Organisation, int Gold, int Silver, int Bronze)> Rows) : Body;

internal sealed record Communication(string Title, string Text) : Body;

/// <summary>Of a type that nobody reads.</summary>
internal sealed record Unknown : Body;
