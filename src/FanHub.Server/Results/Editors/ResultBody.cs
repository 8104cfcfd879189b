using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Desk;

namespace FanHub.Server.Results.Editors;

/// <summary>What an editor says of a unit: the body of <c>PUT results/{unit}</c>. The whole result, every time.</summary>
internal record ResultBody
{
    /// <summary>The discipline: 1 to 10 letters and digits, <c>SWM</c>.</summary>
    public string? Sport { get; init; }

    /// <summary>What it is, by language; at most 300 characters each.</summary>
    public Dictionary<string, string>? Title { get; init; }

    /// <summary>One of the statuses of <see cref="ResultItem.Status"/>.</summary>
    public string? Status { get; init; }

    /// <summary>When it became true; now where absent.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Who takes part, in the order in which they are to be shown; at most 500.</summary>
    public List<ResultEntry?>? Entries { get; init; }

    /// <summary>The parts of a match, in order; at most 50.</summary>
    public List<ResultPeriod?>? Periods { get; init; }

    /// <summary>Where it takes place; at most 200 characters.</summary>
    public string? Venue { get; init; }

    /// <summary>What there is to say about it, by language; at most 1,000 characters each.</summary>
    public Dictionary<string, string>? Note { get; init; }
}

/// <summary>One of a batch.</summary>
internal sealed record BatchedResult : ResultBody
{
    /// <summary>The unit.</summary>
    public string? Unit { get; init; }
}

/// <summary>The body of <c>POST results:batch</c>: published together, in this order, or not at all.</summary>
internal sealed record ResultBatch
{
    /// <summary>1 to 100 results.</summary>
    public List<BatchedResult?>? Results { get; init; }
}

/// <summary>The rules for results that editors publish.</summary>
internal static class ResultRules
{
    private const int MaxUnit = 60;
    private const int MaxSport = 10;
    private const int MaxTitle = 300;
    private const int MaxNote = 1_000;
    private const int MaxText = 200;
    private const int MaxEntries = 500;
    private const int MaxPeriods = 50;
    private const int MaxMembers = 100;
    private const int MaxRank = 100_000;

    // Entries are left out where an item becomes too large; texts are not.
    private const int MaxTextBytes = 40_000;
    private static readonly string[] Statuses = ["start_list", "live", "intermediate", "unconfirmed", "unofficial", "official", "partial", "protested", "provisional"];
    private static readonly string[] Medals = ["gold", "silver", "bronze"];

    /// <summary>Checks a unit's code, which becomes part of a channel's name.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>.</exception>
    public static void CheckUnit(string unit)
    {
        var errors = new FieldErrors();
        CheckUnit(errors, "unit", unit);
        errors.ThrowIfAny();
    }

    /// <summary>Notes what is wrong with a unit's code.</summary>
    public static void CheckUnit(FieldErrors errors, string field, string? unit) =>
        errors.Check(
            unit is { Length: >= 1 and <= MaxUnit } && unit.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && char.IsAsciiLetterOrDigit(unit[0]),
            field,
            $"has to be 1 to {MaxUnit} letters, digits, dots, hyphens or underscores, beginning with a letter or digit");

    /// <summary>Checks a body.</summary>
    /// <param name="errors">Receives what is wrong.</param>
    /// <param name="path">The body's place in the request, with a dot after it.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="body">The body.</param>
    /// <param name="defaultLocale">The language that the title must have.</param>
    /// <param name="now">The time.</param>
    /// <returns>The result; to be used only where nothing is wrong.</returns>
    public static EditorsResult Check(FieldErrors errors, string path, string unit, ResultBody body, string defaultLocale, DateTimeOffset now)
    {
        errors.Check(body.Sport is { Length: >= 1 and <= MaxSport } && body.Sport.All(char.IsAsciiLetterOrDigit), path + "sport", $"has to be 1 to {MaxSport} letters and digits");
        Locales.Check(errors, path + "title", body.Title, MaxTitle, defaultLocale);
        errors.Check(Statuses.Contains(body.Status, StringComparer.Ordinal), path + "status", $"has to be one of {string.Join(", ", Statuses)}");
        if (body.Note is not null)
        {
            Locales.Check(errors, path + "note", body.Note, MaxNote, defaultLocale: null);
        }

        errors.Check(
            JsonSerializer.SerializeToUtf8Bytes(new { body.Title, body.Note }, WireJson.Options).Length <= MaxTextBytes,
            path + "title",
            $"and the note take more than {MaxTextBytes} bytes in all their languages together");
        CheckText(errors, path + "venue", body.Venue);
        var entries = CheckEntries(errors, path, body.Entries ?? []);
        var periods = CheckPeriods(errors, path, body.Periods ?? [], entries);
        return new EditorsResult
        {
            Unit = unit,
            Sport = body.Sport ?? string.Empty,
            Title = body.Title ?? [],
            Status = body.Status ?? string.Empty,
            At = body.At ?? now,
            Entries = entries,
            Note = body.Note,
            Periods = periods,
            Venue = body.Venue,
        };
    }

    private static List<ResultEntry> CheckEntries(FieldErrors errors, string path, List<ResultEntry?> entries)
    {
        errors.Check(entries.Count <= MaxEntries, path + "entries", $"has more than {MaxEntries} entries");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(entries.Count, MaxEntries); i++)
        {
            var place = $"{path}entries[{i}]";
            if (errors.Check(entries[i] is not null, place, "is null"))
            {
                CheckEntry(errors, place, entries[i]!, seen);
            }
        }

        return [.. entries.OfType<ResultEntry>()];
    }

    private static void CheckEntry(FieldErrors errors, string place, ResultEntry entry, HashSet<string> seen)
    {
        errors.Check(entry.Rank is null or (>= 1 and <= MaxRank), $"{place}.rank", $"has to be from 1 to {MaxRank}");
        errors.Check(entry.Medal is null || Medals.Contains(entry.Medal, StringComparer.Ordinal), $"{place}.medal", "has to be gold, silver or bronze");
        errors.Check(entry.Outcome is null or "W" or "L" or "T", $"{place}.outcome", "has to be W, L or T");
        foreach (var (name, text) in ((string, string?)[])[
            ("rankText", entry.RankText), ("result", entry.Result), ("resultType", entry.ResultType), ("diff", entry.Diff), ("mark", entry.Mark), ("qualified", entry.Qualified), ("start", entry.Start)])
        {
            CheckText(errors, $"{place}.{name}", text);
        }

        errors.Check(entry.Records is null or { Count: <= 10 }, $"{place}.records", "has more than 10 entries");
        foreach (var record in entry.Records ?? [])
        {
            CheckNeeded(errors, $"{place}.records", record);
        }

        if (errors.Check(entry.Competitor is not null, $"{place}.competitor", "is needed"))
        {
            var competitor = entry.Competitor!;
            CheckNeeded(errors, $"{place}.competitor.id", competitor.Id);
            CheckNeeded(errors, $"{place}.competitor.name", competitor.Name);
            CheckNeeded(errors, $"{place}.competitor.organisation", competitor.Organisation);
            errors.Check(competitor.Id is null || seen.Add(competitor.Id), $"{place}.competitor.id", "is there twice");
            errors.Check(competitor.Members is null or { Count: <= MaxMembers }, $"{place}.competitor.members", $"has more than {MaxMembers} entries");
            foreach (var member in competitor.Members ?? [])
            {
                CheckNeeded(errors, $"{place}.competitor.members", member?.Id);
                CheckNeeded(errors, $"{place}.competitor.members", member?.Name);
            }
        }
    }

    private static List<ResultPeriod> CheckPeriods(FieldErrors errors, string path, List<ResultPeriod?> periods, List<ResultEntry> entries)
    {
        errors.Check(periods.Count <= MaxPeriods, path + "periods", $"has more than {MaxPeriods} entries");
        var competitors = entries.Select(e => e.Competitor?.Id).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(periods.Count, MaxPeriods); i++)
        {
            var place = $"{path}periods[{i}]";
            if (!errors.Check(periods[i] is { Scores: not null }, place, "has to have a name and scores"))
            {
                continue;
            }

            CheckNeeded(errors, $"{place}.name", periods[i]!.Name);
            foreach (var (competitor, score) in periods[i]!.Scores)
            {
                errors.Check(competitors.Contains(competitor), $"{place}.scores", "names a competitor that no entry has");
                CheckNeeded(errors, $"{place}.scores", score);
            }
        }

        return [.. periods.OfType<ResultPeriod>()];
    }

    private static void CheckNeeded(FieldErrors errors, string field, string? text)
    {
        if (errors.Check(!string.IsNullOrWhiteSpace(text), field, "is needed"))
        {
            CheckText(errors, field, text);
        }
    }

    private static void CheckText(FieldErrors errors, string field, string? text) =>
        errors.Check(text is null || (text.Length <= MaxText && !text.Any(char.IsControl)), field, $"has to be at most {MaxText} characters without control characters");
}
