namespace FanHub.Tests.Server.Results.Model;

/// <summary>Makes up tables of results, and who won the medals.</summary>
internal sealed class TableGenerator(Random random, World world)
{
    /// <summary>As a result usually goes through them.</summary>
    public static readonly string?[] Statuses = ["START_LIST", "LIVE", null, "INTERMEDIATE", "UNCONFIRMED", "UNOFFICIAL", "PARTIAL", "OFFICIAL", "OFFICIAL", "PROTESTED"];

    private static readonly string[] Marks = ["DNS", "DNF", "DSQ"];

    /// <summary>The next version of a document, for each of its languages. Times and versions are still to be set.</summary>
    public Func<string?, Letter> Next(Subject subject, string? status)
    {
        status = subject.Type == "DT_CURRENT" ? "LIVE" : status;
        var note = status == "OFFICIAL" && random.Next(2) == 0 ? "Corrected after a protest." : null;
        var marked = random.Next(3) == 0;
        var seed = random.Next();
        return language => new Letter
        {
            Type = subject.Type,
            Code = subject.Code,
            Subtype = subject.Subtype,
            Language = language,
            Version = 1,
            Time = default,
            Source = "A",
            Status = status,
            Note = note is null ? null : marked ? $"<p>{World.In(language, note)}</p>" : World.In(language, note),
            // The same table in each language.
            Body = subject.Type == "DT_MEDALLISTS" ? Medals(new Random(seed), subject, language) : Lines(new Random(seed), subject, language, status),
        };
    }

    private static Who Named(Who who, Subject subject, string? language) => who with
    {
        Name = subject.Names ? World.In(language, who.Name!) : null,
        Members = who.Members is null ? null : [.. who.Members.Select(m => m with { Name = subject.Names ? World.In(language, m.Name!) : null })],
    };

    private static Table Lines(Random random, Subject subject, string? language, string? status)
    {
        var field = subject.HeadToHead
            ? [.. subject.Field.Take(2)]
            : subject.Field.OrderBy(_ => random.Next()).Take(random.Next(0, subject.Field.Count + 1)).ToList();
        var started = status is not "START_LIST";
        var places = Places(random, field.Count);
        var lines = field.Select((who, i) =>
        {
            var line = new Line(Named(who, subject, language)) { Sort = i + 1, Start = $"{i + 1}" };
            if (!started)
                return line;
            if (random.Next(8) == 0)
                return line with { Mark = Marks[random.Next(3)], ResultType = "IRM" };
            return line with
            {
                Rank = random.Next(15) switch { 0 => "AC", 1 => $"{places[i]}.", _ => $"{places[i]}" },
                // Some forget to say that a place is shared.
                SaysEqual = places.Count(p => p == places[i]) > 1 && random.Next(2) == 0,
                Result = $"{50 + i}.{random.Next(100):00}",
                ResultType = "TIME",
                Diff = i > 0 && random.Next(2) == 0 ? $"+{i}.00" : null,
                Medal = status == "OFFICIAL" && places[i] <= 3 && random.Next(3) == 0 ? Colours[places[i] - 1] : null,
                Qualified = random.Next(4) == 0 ? "Q" : null,
                Outcome = subject.HeadToHead ? (i == 0 ? "W" : "L") : null,
                Records = random.Next(8) == 0 ? ["WR", "OR"] : [],
            };
        }).ToList();
        if (!subject.HeadToHead)
            lines = [.. Unordered(random, lines)];
        IReadOnlyList<(string, string, string)> periods = subject.HeadToHead && started ? [.. Enumerable.Range(1, random.Next(1, 4)).Select(p => ($"H{p}", $"{random.Next(4)}", $"{random.Next(4)}"))] : [];
        return new Table(subject.Event(language), subject.Unit(language), random.Next(2) == 0 ? "Arena" : null, lines, periods);
    }

    public static readonly string[] Colours = ["gold", "silver", "bronze"];

    // 1, 2, 2, 4: some places are shared.
    private static List<int> Places(Random random, int count)
    {
        List<int> places = [];
        for (var i = 0; i < count; i++)
            places.Add(i > 0 && random.Next(5) == 0 ? places[^1] : i + 1);
        return places;
    }

    // The order to be shown is not that of the lines; it may be absent, or given twice.
    private static IEnumerable<Line> Unordered(Random random, List<Line> lines)
    {
        foreach (var line in lines.OrderBy(_ => random.Next()))
            yield return random.Next(20) switch { 0 => line with { Sort = null }, 1 => line with { Sort = 1 }, _ => line };
    }

    private Medallists Medals(Random random, Subject subject, string? language)
    {
        var winners = world.Individuals.Concat(world.Teams).OrderBy(_ => random.Next()).Take(random.Next(0, 5));
        return new Medallists(subject.Event(language), [.. winners.Select(w => (Colours[random.Next(3)], Named(w, subject, language)))]);
    }
}
