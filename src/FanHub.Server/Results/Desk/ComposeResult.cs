using System.Text;
using FanHub.Contracts;
using FanHub.Server.Channels;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>Composes results and telemetry.</summary>
internal sealed class ComposeResult(DeskSettings settings, DeskChannels channels, UnitTables tables, ScheduleDays schedule, People people)
{
    private const int MaxTextLength = 200;

    /// <summary>A result; null where it is not to be shown.</summary>
    public Composed? Result(DocumentGroup group, string? previousData)
    {
        if (!group.IsShown)
        {
            return null;
        }

        var (entries, competitors) = Entries(group);
        var editors = group.Editors;
        var item = FitIntoItem.Fit(
            new PublishedResult
            {
                Unit = ResultTexts.Cut(group.Code, MaxTextLength),
                Sport = Sport(group),
                Title = Title(group),
                Status = group.Status!,
                At = At(group),
                Version = editors?.Version ?? group.Leader!.Header.Version,
                Table = group.Type switch
                {
                    DocumentTypes.CumulativeResult => "cumulative",
                    DocumentTypes.PhaseResult => "phase",
                    _ => null,
                },
                Entries = entries,
                Periods = Periods(group),
                Venue = Venue(group),
                Note = ResultTexts.Notes(group) is { } note ? new Texts(note) : null,
            },
            entries.Count,
            Lighter,
            static (item, count) => item with { Entries = [.. item.Entries.Take(count)], Of = item.Entries.Count, Periods = Only(item.Periods, item.Entries.Take(count)) });
        var data = FitIntoItem.Write(item);
        if (previousData is not null)
        {
            var difference = ChangeNotes.Compare(data, previousData, "entries");
            data = difference.None ? Encoding.UTF8.GetBytes(previousData)
                : FitIntoItem.Write(item with { Changes = difference.Changes, Corrected = difference.Corrected ? true : null });
        }

        return new(
            group.Key,
            ItemKinds.Result,
            DeliveryClass.Logged,
            item.At,
            data,
            [.. new[] { channels.Unit(group.Code), channels.Sport(item.Sport) }.Concat(competitors.Organisations.Select(channels.Organisation)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>How a unit goes just now; null where nothing says, or where there is an official result.</summary>
    public Composed? Telemetry(DocumentGroup group)
    {
        if (group.Leader is not { } leader || tables.IsOfficial(group.Code))
        {
            return null;
        }

        var (entries, _) = Entries(group);
        var item = FitIntoItem.Fit(
            new PublishedTelemetry
            {
                Unit = ResultTexts.Cut(group.Code, MaxTextLength),
                At = At(group),
                Version = leader.Header.Version,
                Entries = entries,
                Periods = Periods(group),
            },
            entries.Count,
            static item => item with { Entries = WithoutMembers(item.Entries) },
            static (item, count) => item with { Entries = [.. item.Entries.Take(count)], Periods = Only(item.Periods, item.Entries.Take(count)) });
        return new(group.Key, ItemKinds.Telemetry, DeliveryClass.Latest, item.At, FitIntoItem.Write(item), [channels.Unit(group.Code)]);
    }

    private (List<PublishedEntry> Entries, ShownCompetitors Competitors) Entries(DocumentGroup group)
    {
        var competitors = new ShownCompetitors(group, people);
        var entries = ResultTexts.Entries(group);
        var shown = new List<PublishedEntry>(entries.Count);
        foreach (var entry in entries)
        {
            shown.Add(new()
            {
                Rank = entry.Rank,
                RankText = entry.RankText,
                RankEqual = entry.RankEqual,
                Competitor = competitors.Show(entry.Competitor),
                Result = entry.Result,
                ResultType = entry.ResultType,
                Diff = entry.Diff,
                Mark = entry.Mark,
                Medal = entry.Medal,
                Qualified = entry.Qualified,
                Outcome = entry.Outcome,
                Start = entry.Start,
                Records = entry.Records is { Count: > 0 } records ? records : null,
            });
        }

        return (shown, competitors);
    }

    private Texts Title(DocumentGroup group)
    {
        var titles = ResultTexts.Titles(group);
        return new(titles.Count > 0 ? titles : schedule.NameOf(group.Code) ?? new Dictionary<string, string>(StringComparer.Ordinal) { [settings.Locale] = ResultTexts.Cut(group.Code, MaxTextLength) });
    }

    private DateTimeOffset At(DocumentGroup group) => group.Editors?.Result.At.ToUniversalTime() ?? settings.AtVenue(group.Leader!.Header.LocalTime);

    private static string Sport(DocumentGroup group) => group.Editors?.Result.Sport ?? DocumentTypes.Sport(group.Code);

    private static IReadOnlyList<ResultPeriod>? Periods(DocumentGroup group) =>
        (group.Editors is { } editors ? editors.Result.Periods : (group.Leader?.Content as OdfTable)?.Periods) is { Count: > 0 } periods ? periods : null;

    private static string? Venue(DocumentGroup group) =>
        (group.Editors is { } editors ? editors.Result.Venue : (group.Leader?.Content as OdfTable)?.Venue) is { Length: > 0 } venue ? ResultTexts.Cut(venue, MaxTextLength) : null;

    private PublishedResult Lighter(PublishedResult item) => item with
    {
        Entries = WithoutMembers(item.Entries),
        Title = OneLanguage(item.Title)!,
        Note = OneLanguage(item.Note),
    };

    private Texts? OneLanguage(Texts? texts)
    {
        if (texts is not { ByLocale.Count: > 1 })
        {
            return texts;
        }

        var kept = texts.ByLocale.Keys.FirstOrDefault(tag => OdfLanguages.IsDefault(tag, settings.Locale)) ?? texts.ByLocale.Keys.First();
        return new(new Dictionary<string, string>(StringComparer.Ordinal) { [kept] = texts.ByLocale[kept] });
    }

    private static IReadOnlyList<PublishedEntry> WithoutMembers(IReadOnlyList<PublishedEntry> entries) =>
        [.. entries.Select(static e => e.Competitor.Members is null ? e : e with { Competitor = e.Competitor with { Members = null } })];

    /// <summary>What only those scored who are shown.</summary>
    private static List<ResultPeriod>? Only(IReadOnlyList<ResultPeriod>? periods, IEnumerable<PublishedEntry> entries)
    {
        var ids = entries.Select(static e => e.Competitor.Id).ToHashSet(StringComparer.Ordinal);
        return ids.Count == 0 ? null : periods?.Select(p => new ResultPeriod(p.Name, p.Scores.Where(s => ids.Contains(s.Key)).ToDictionary(StringComparer.Ordinal))).ToList();
    }
}
