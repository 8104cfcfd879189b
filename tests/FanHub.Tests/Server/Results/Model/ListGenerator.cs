namespace FanHub.Tests.Server.Results.Model;

/// <summary>Makes up what is not about one unit: schedules, participants, standings, communications, and what nobody reads.</summary>
internal sealed class ListGenerator(Random random, World world)
{
    private static readonly string[] Statuses = ["SCHEDULED", "SCHEDULED", "GETTING_READY", "RUNNING", "FINISHED", "UNSCHEDULED", "DELAYED", "CANCELLED", "POSTPONED", "RESCHEDULED", "INTERRUPTED", "SCHEDULED_BREAK"];

    private static readonly DateTime First = new(2030, 7, 31, 9, 0, 0);

    /// <summary>For each document its messages.</summary>
    public IEnumerable<IEnumerable<Letter>> Documents()
    {
        foreach (var discipline in new[] { "SWM", "ATH", "BBL" }.Select(world.Own))
        {
            // A discipline's own schedule, and at times one for all that holds some of the same units.
            if (random.Next(2) == 0)
                yield return Series("DT_SCHEDULE", discipline + "-------------------------------", () => Slots(discipline));
            if (random.Next(2) == 0)
                yield return Series("DT_SCHEDULE_UPDATE", discipline + "-------------------------------", () => Slots(discipline));
        }

        if (random.Next(4) == 0)
            yield return Series("DT_SCHEDULE", world.Own("GEN-------------------------------"), () => Slots(""));
        foreach (var type in new[] { "DT_PARTIC", "DT_PARTIC_UPDATE" })
        {
            if (random.Next(2) == 0)
                yield return Series(type, world.Own("GEN-------------------------------"), Names);
        }

        if (random.Next(3) == 0)
            yield return Series("DT_PARTIC", world.Own("SWM-------------------------------"), Names);
        if (random.Next(2) == 0)
            yield return Series("DT_MEDALS", world.Own("GEN-------------------------------"), () => new Standings([.. World.Organisations.Select(o => (o, random.Next(3), random.Next(3), random.Next(3)))]));
        if (random.Next(3) == 0)
            yield return Series("DT_COMMUNICATION", world.Own("SWM-------------------------------"), () => new Communication("Weather", "It <b>rains</b>."));
        if (random.Next(3) == 0)
            yield return Series("DT_WEATHER", world.Own("GEN-------------------------------"), () => new Unknown());
    }

    // Few moments, so that messages of the same moment meet; versions of one document need not be in the order of their times.
    private IEnumerable<Letter> Series(string type, string code, Func<Body> next)
    {
        var at = 0;
        for (var version = 1; version <= random.Next(1, 5); version++)
        {
            at += random.Next(6) == 0 ? -1 : random.Next(3);
            yield return new Letter { Type = type, Code = code, Version = version, Source = "A", Time = First.AddMinutes(at), Body = next() };
            if (random.Next(12) == 0)
                yield return new Letter { Type = type, Code = code, Version = version, Source = "B", Time = First.AddMinutes(at + random.Next(2)), Body = next() };
        }
    }

    private Schedule Slots(string discipline) => new([.. world.Units.Where(u => u.StartsWith(discipline, StringComparison.Ordinal) && random.Next(3) > 0).Select(Slot)]);

    private Slot Slot(string code)
    {
        // Around midnight at the venue, which is not midnight elsewhere.
        var start = new DateTimeOffset(2030, 7, 31, 16, 0, 0, TimeSpan.FromHours(2)).AddMinutes(random.Next(0, 720));
        return new Slot(code, Statuses[random.Next(Statuses.Length)], random.Next(3) == 0 ? start.ToUniversalTime() : start)
        {
            End = random.Next(3) == 0 ? start.AddHours(1) : null,
            Day = random.Next(3) == 0 ? new DateOnly(2030, 7, 31) : null,
            Hidden = random.Next(8) == 0,
            Medal = random.Next(3) == 0,
            Deleted = random.Next(10) == 0,
            Venue = random.Next(2) == 0 ? "Arena" : null,
            Names = random.Next(4) switch
            {
                0 => [],
                1 => [(null, "Race " + code[^3..])],
                2 => [("ENG", "Race " + code[^3..]), ("FRA", "Course " + code[^3..])],
                _ => [("FRA", "Course " + code[^3..])],
            },
        };
    }

    private People Names()
    {
        var married = random.Next(2) == 0 ? "-Zulu" : "";
        return new People([.. world.Individuals.Concat(world.Teams).Where(_ => random.Next(3) > 0).Select(w => (w.Id, w.Name! + married, w.Members is not null))]);
    }
}
