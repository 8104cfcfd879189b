namespace FanHub.Tests.Server.Results.Model;

/// <summary>What the schedules and the lists of participants say in the end: what counts first, then what other lists that are not updates of the same say, for languages that it lacks.</summary>
internal sealed class ModelLists(List<ModelDocument> documents)
{
    /// <summary>The units of the schedule, those that are not shown too, by code.</summary>
    public Dictionary<string, List<Slot>> Slots { get; } = Winners(documents, "DT_SCHEDULE", body => ((Schedule)body).Slots.Select(s => (s.Code, s)));

    /// <summary>The names of people and teams, by id.</summary>
    public Dictionary<string, List<string>> People { get; } = Winners(documents, "DT_PARTIC", body => ((People)body).Names.Select(n => (n.Id, n.Name)));

    /// <summary>A unit's names by what fans call their language.</summary>
    public static Dictionary<string, string> Names(List<Slot> slots) => ModelJson.FirstOfEach(slots.SelectMany(s => s.Names).Select(n => (n.Language is null ? World.Locale : World.Languages[n.Language], (string?)n.Name)));

    private static Dictionary<string, List<T>> Winners<T>(List<ModelDocument> documents, string type, Func<Body, IEnumerable<(string Id, T Value)>> of)
    {
        var lists = documents.Where(d => d.Content is not null && (d.Held.Type == type || d.Held.Type == type + "_UPDATE")).ToList();
        var winners = new Dictionary<string, List<T>>();
        foreach (var id in lists.SelectMany(d => of(d.Content!)).Select(x => x.Id).Distinct())
        {
            var saying = lists.Where(d => of(d.Content!).Any(x => x.Id == id)).ToList();
            // A later whole list that lacks it takes it away.
            var left = saying.Where(d => !d.IsUpdate || !lists.Exists(f => !f.IsUpdate && f.Family == d.Family && f.Held.Time > d.Held.Time && !saying.Contains(f)));
            var ordered = left.OrderByDescending(d => d.Held.Time).ThenByDescending(d => d.IsUpdate).ThenByDescending(d => d.Held.Version).ThenByDescending(d => d.Held.Source, StringComparer.Ordinal).ThenByDescending(d => d.Held.Key, StringComparer.Ordinal);
            var standing = ordered.DistinctBy(d => d.Family).Select(d => of(d.Content!).Single(x => x.Id == id).Value).ToList();
            if (standing.Count > 0)
                winners[id] = standing;
        }

        return winners;
    }
}
