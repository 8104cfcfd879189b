using System.Text;
using FanHub.Contracts;
using FanHub.Server.Channels;

namespace FanHub.Server.Results.Desk;

/// <summary>Composes who won the medals of an event.</summary>
internal sealed class ComposeMedals(DeskSettings settings, DeskChannels channels, People people)
{
    private const int MaxTextLength = 200;

    /// <summary>The event's medals; null where they are not to be shown.</summary>
    public Composed? Event(DocumentGroup group, string? previousData)
    {
        if (group.Leader is not { } leader)
        {
            return null;
        }

        var competitors = new ShownCompetitors(group, people);
        var medals = MedalEvents.Medals(group).OrderBy(static m => Colour(m.Medal)).Select(m => new PublishedMedal(m.Medal, competitors.Show(m.Competitor))).ToList();
        var titles = ResultTexts.Titles(group);
        var item = FitIntoItem.Fit(
            new PublishedMedals
            {
                Event = ResultTexts.Cut(group.Code, MaxTextLength),
                Sport = DocumentTypes.Sport(group.Code),
                Title = new(titles.Count > 0 ? titles : new Dictionary<string, string>(StringComparer.Ordinal) { [settings.Locale] = ResultTexts.Cut(group.Code, MaxTextLength) }),
                Status = group.Status!,
                At = settings.AtVenue(leader.Header.LocalTime),
                Version = leader.Header.Version,
                Medals = medals,
                Note = ResultTexts.Notes(group) is { } note ? new Texts(note) : null,
            },
            medals.Count,
            static item => item with { Medals = [.. item.Medals.Select(static m => m with { Competitor = m.Competitor with { Members = null } })] },
            static (item, count) => item with { Medals = [.. item.Medals.Take(count)] });
        var data = FitIntoItem.Write(item);
        if (previousData is not null)
        {
            var difference = ChangeNotes.Compare(data, previousData, "medals");
            data = difference.None ? Encoding.UTF8.GetBytes(previousData)
                : difference.Corrected ? FitIntoItem.Write(item with { Corrected = true })
                : data;
        }

        return new(
            group.Key,
            ItemKinds.Medals,
            DeliveryClass.Logged,
            item.At,
            data,
            [.. new[] { channels.Medals, channels.Sport(item.Sport) }.Concat(competitors.Organisations.Select(channels.Organisation)).Distinct(StringComparer.Ordinal)]);
    }

    private static int Colour(string medal) => medal switch
    {
        MedalColours.Gold => 0,
        MedalColours.Silver => 1,
        MedalColours.Bronze => 2,
        _ => 3,
    };
}

/// <summary>What medals are called on the wire.</summary>
internal static class MedalColours
{
    public const string Gold = "gold";
    public const string Silver = "silver";
    public const string Bronze = "bronze";
}
