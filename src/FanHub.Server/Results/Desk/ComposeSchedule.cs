using FanHub.Contracts;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>Composes a discipline's day.</summary>
internal sealed class ComposeSchedule(DeskSettings settings, DeskChannels channels, ScheduleDays schedule)
{
    private const int MaxTextLength = 200;

    /// <summary>The day; null where nothing of it is to be shown.</summary>
    public Composed? Day(string key)
    {
        if (schedule.Find(key) is not { } day || !day.Units.Any(static u => u.Shown))
        {
            return null;
        }

        var units = day.Units.Where(static u => u.Shown).Select(Show).ToList();
        var item = FitIntoItem.Fit(
            new PublishedSchedule { Day = $"{day.Day:yyyy-MM-dd}", Sport = day.Sport, Units = units },
            units.Count,
            item => item with { Units = [.. item.Units.Select(Lighter)] },
            static (item, count) => item with { Units = [.. item.Units.Take(count)] });
        // What is not shown any more was taken away at some time, too.
        var at = day.Units.Max(static u => u.At);
        return new(key, ItemKinds.Schedule, DeliveryClass.Logged, at, FitIntoItem.Write(item), [channels.Schedule, channels.Sport(day.Sport)]);
    }

    private PublishedUnit Show(ScheduleDays.Standing standing) => new()
    {
        Unit = ResultTexts.Cut(standing.Unit.Code, MaxTextLength),
        Title = new(standing.Names.Count > 0
            ? standing.Names.ToDictionary(static n => n.Key, static n => ResultTexts.Cut(n.Value, MaxTextLength), StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal) { [settings.Locale] = ResultTexts.Cut(standing.Unit.Code, MaxTextLength) }),
        Status = standing.Status,
        Start = standing.Unit.StartHidden ? null : standing.Unit.Start?.ToUniversalTime(),
        End = standing.Unit.End?.ToUniversalTime(),
        Venue = string.IsNullOrEmpty(standing.Unit.Venue) ? null : ResultTexts.Cut(standing.Unit.Venue, MaxTextLength),
        Medal = standing.Unit.Medal ? true : null,
    };

    /// <summary>A day that is too long has one language, and no venues.</summary>
    private PublishedUnit Lighter(PublishedUnit unit)
    {
        var names = unit.Title.ByLocale;
        var kept = names.Keys.FirstOrDefault(tag => OdfLanguages.IsDefault(tag, settings.Locale)) ?? names.Keys.First();
        return unit with { Title = new(new Dictionary<string, string>(StringComparer.Ordinal) { [kept] = names[kept] }), Venue = null };
    }
}
