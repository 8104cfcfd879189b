using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Ballots;

/// <summary>
/// Counts as items of a channel. Versions follow the count's sequence, so that whichever node publishes, and however late, an older count never replaces a newer one:
/// a running count is one above its sequence, the final one two, the final one shown to everybody three, its removal four.
/// </summary>
internal static class TallyItems
{
    /// <summary>The key of the count of an interaction.</summary>
    public static string Key(string interaction) => $"{ItemKinds.Tally}:{interaction}";

    /// <summary>The count as it stands while ballots come in.</summary>
    /// <param name="interaction">What is counted.</param>
    /// <param name="options">Option ids, in the interaction's order.</param>
    /// <param name="tally">The count.</param>
    /// <param name="gate">The gate that a connection must have passed to be sent it, or null.</param>
    /// <param name="at">When the count was read.</param>
    public static Item Running(string interaction, IReadOnlyList<string> options, Tally tally, string? gate, DateTimeOffset at) =>
        Create(interaction, tally.Sequence + 1, at) with { Data = JsonSerializer.SerializeToUtf8Bytes(State(interaction, options, tally, final: false), WireJson.Options), Gate = gate };

    /// <summary>The sealed count.</summary>
    public static Item Final(string interaction, IReadOnlyList<string> options, Tally tally, string? gate, DateTimeOffset at) =>
        Create(interaction, tally.Sequence + 2, at) with { Data = JsonSerializer.SerializeToUtf8Bytes(State(interaction, options, tally, final: true), WireJson.Options), Gate = gate };

    /// <summary>The sealed count, for everybody, where until now only some were shown it.</summary>
    public static Item Revealed(string interaction, IReadOnlyList<string> options, Tally tally, DateTimeOffset at) =>
        Final(interaction, options, tally, gate: null, at) with { Version = tally.Sequence + 3 };

    /// <summary>Takes the count away again. The box must be sealed, so that no later count can bring it back.</summary>
    public static Item Removed(string interaction, Tally tally, DateTimeOffset at) => Create(interaction, tally.Sequence + 4, at);

    /// <summary>The count as fans see it.</summary>
    public static TallyItem State(string interaction, IReadOnlyList<string> options, Tally tally, bool final)
    {
        var counts = new Dictionary<string, long>(options.Count, StringComparer.Ordinal);
        for (var i = 0; i < options.Count; i++)
        {
            counts[options[i]] = tally.Counts[i];
        }

        return new TallyItem { Of = interaction, Counts = counts, Ballots = tally.Ballots, Final = final };
    }

    private static Item Create(string interaction, long version, DateTimeOffset at) => new()
    {
        Key = Key(interaction),
        Kind = ItemKinds.Tally,
        Class = DeliveryClass.Latest,
        Version = version,
        At = at,
    };
}
