namespace FanHub.Tests.Server.Results.Model;

/// <summary>What is left of all messages of one document.</summary>
/// <param name="Held">The message that counts.</param>
/// <param name="TakenBack">Whether its version was taken back.</param>
internal sealed record ModelDocument(Letter Held, bool TakenBack)
{
    /// <summary>Null where nothing of it is to be shown.</summary>
    public Body? Content => TakenBack ? null : Held.Body;

    /// <summary>What fans call its language.</summary>
    public string Tag => Held.Language is null ? World.Locale : World.Languages[Held.Language];

    public bool IsUpdate => Held.Type.EndsWith("_UPDATE", StringComparison.Ordinal);

    /// <summary>The same for a list and what updates it.</summary>
    public string Family => $"{Held.Code}|{Held.Subtype}|{Held.Language}";

    /// <summary>Of each document: the highest version, from the last of its sources, taken back if it was whenever that was said.</summary>
    public static List<ModelDocument> HeldOf(IEnumerable<Letter> letters)
    {
        List<ModelDocument> held = [];
        foreach (var document in letters.GroupBy(l => l.Type.EndsWith("_UPDATE", StringComparison.Ordinal) ? $"{l.Key}|v{l.Version}" : l.Key))
        {
            var version = document.Max(l => l.Version);
            var source = document.Where(l => l.Version == version).Select(l => l.Source).Order(StringComparer.Ordinal).Last();
            var last = document.Where(l => l.Version == version && l.Source == source).ToList();
            held.Add(new ModelDocument(last.Find(l => l.Body is not null) ?? last[0], last.Exists(l => l.Body is null)));
        }

        return held;
    }
}
