namespace FanHub.Tests.Server.Results.Model;

/// <summary>What documents there are about one thing, and how its sender writes them.</summary>
internal sealed record Subject(string Type, string Code)
{
    public string? Subtype { get; init; }

    /// <summary>The languages that it comes in; null is none said.</summary>
    public IReadOnlyList<string?> Languages { get; init; } = [null];

    /// <summary>By the feed's language.</summary>
    public Func<string?, string?> Event { get; init; } = _ => null;

    public Func<string?, string?> Unit { get; init; } = _ => null;

    /// <summary>Whether its messages name competitors.</summary>
    public bool Names { get; init; } = true;

    public bool HeadToHead { get; init; }

    public IReadOnlyList<Who> Field { get; init; } = [];
}

/// <summary>A few disciplines with their events, units, competitors and organisations. All of it invented.</summary>
internal sealed class World
{
    /// <summary>Where it takes place.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>The language of what does not say its own.</summary>
    public const string Locale = "en";

    /// <summary>The languages of the feed, and what fans call them.</summary>
    public static readonly Dictionary<string, string> Languages = new() { ["ENG"] = "en", ["FRA"] = "fr", ["SPA"] = "es" };

    public static readonly IReadOnlyList<string> Organisations = ["AAA", "BBB", "CCC", "DDD", "EEE"];

    private static readonly string[] Given = ["Ana", "Bea", "Cyd", "Dee", "Eva", "Fay", "Gia", "Hue", "Ida", "Joy"];
    private static readonly string[] Family = ["Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett"];

    private readonly int _number;

    /// <param name="random">Decides what is left open.</param>
    /// <param name="number">Worlds of different numbers share their organisations and nothing else; up to 999.</param>
    public World(Random random, int number)
    {
        _number = number;
        Individuals = [.. Enumerable.Range(0, 10).Select(i => new Who($"9{number:000}0{i:00}", Organisations[i % 5], $"{Given[i]} {Family[i]}", null))];
        Teams =
        [
            new Who(Own("SWMT01"), "AAA", "Alphaland", [Member(5), Member(0)]),
            // Its members come from two places.
            new Who(Own("SWMT02"), "BBB", "Bravia & Friends", [Member(1), Member(7)]),
        ];
        Events = [.. new[] { "SWMW100MFR------------------------", "SWMX4X100MFR----------------------", "ATHM100M--------------------------", "ATHWSHOT-------------------------", "BBLMTEAM6-------------------------", "BBL open+plus" }.Select(Own)];
        Units =
        [
            .. new[]
            {
                "SWMW100MFR------------FNL-000100--", "SWMW100MFR------------SFNL000100--", "SWMX4X100MFR----------FNL-000100--",
                "ATHM100M--------------FNL-000100--", "ATHM100M--------------SFNL000100--", "ATHM100M--------------SFNL000200--",
                // One character short, as they have been seen.
                "ATHWSHOT--------------FNL-000100-", "BBLMTEAM6-------------FNL-000100--",
                // Neither fits into a channel's name as it is.
                "BBL open+plus/1", "BBL" + string.Concat(Enumerable.Repeat("LONG0", 13)),
            }.Select(Own),
        ];
        Subjects = [.. Tables(random), .. Events.Select(code => Told(random, new Subject("DT_MEDALLISTS", code), "Event " + code[..4]) with { Unit = _ => null })];
    }

    public IReadOnlyList<Who> Individuals { get; }

    public IReadOnlyList<Who> Teams { get; }

    public IReadOnlyList<string> Events { get; }

    public IReadOnlyList<string> Units { get; }

    /// <summary>What tables and medals are about.</summary>
    public IReadOnlyList<Subject> Subjects { get; }

    /// <summary>A name in one of the feed's languages.</summary>
    public static string In(string? language, string name) => language is null or "ENG" ? name : $"{name} ({language})";

    /// <summary>A code as this world writes it: the discipline is its own.</summary>
    public string Own(string code) => $"{code[0]}{(char)('A' + (_number / 36))}{"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[_number % 36]}{code[3..]}";

    private Teammate Member(int i) => new(Individuals[i].Id, Individuals[i].Name, Individuals[i].Organisation);

    private IEnumerable<Subject> Tables(Random random)
    {
        foreach (var (code, i) in Units.Select((code, i) => (code, i)))
        {
            var match = i is 7 or 8;
            // A relay is swum by teams, a match may be played by them.
            IReadOnlyList<Who> field = i is 2 ? [.. Teams, .. Individuals.Take(2)] : match ? [.. Teams, .. Individuals.Skip(6)] : [.. Individuals.OrderBy(_ => random.Next()).Take(6)];
            var result = Told(random, new Subject("DT_RESULT", code) { HeadToHead = match, Field = field }, $"Event {i}");
            yield return result;
            if (i is 0 or 3 or 7)
                yield return result with { Type = "DT_CURRENT" };
        }

        yield return Told(random, new Subject("DT_CUMULATIVE_RESULT", Own("ATHM100M--------------SFNL--------")) { Field = Individuals }, "Semi-finals");
        yield return Told(random, new Subject("DT_CUMULATIVE_RESULT", Units[0]) { Field = Individuals, Subtype = "Split50" }, "Splits");
        yield return Told(random, new Subject("DT_PHASE_RESULT", Own("BBLMTEAM6-------------GPA---------")) { Field = Teams }, "Group A");
        yield return Told(random, new Subject("DT_PHASE_RESULT", Own("BBLMTEAM6-------------GPA---------")) { Field = Teams, Subtype = "Cross" }, "Group A");
    }

    private static Subject Told(Random random, Subject subject, string name)
    {
        var style = random.Next(5);
        return subject with
        {
            Languages = random.Next(10) switch { 0 or 1 => ["ENG", "FRA"], 2 => ["FRA", "SPA"], 3 => ["ENG"], 4 => ["FRA"], 5 => ["ENG", "FRA", "SPA"], _ => [null] },
            Names = random.Next(3) > 0,
            Event = language => style is 0 or 1 or 2 ? In(language, name) : null,
            Unit = language => style switch { 1 => In(language, name) + " Final", 2 => "Heat 1", 3 => In(language, "Final"), _ => null },
        };
    }
}
