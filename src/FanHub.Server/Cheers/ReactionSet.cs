using System.Collections.Frozen;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Cheers;

/// <summary>How fans may cheer in a channel, read out of its public item: a fan node needs no database.</summary>
internal sealed class ReactionSet
{
    private readonly FrozenDictionary<string, string> _names;

    private ReactionSet(IReadOnlyList<string> names) => _names = names.ToFrozenDictionary(n => n, n => n, StringComparer.Ordinal);

    /// <summary>Reads the item.</summary>
    public static ReactionSet Read(LogEntry entry) => new(JsonSerializer.Deserialize<ReactionsItem>(entry.Item.Data.Span, WireJson.Options)!.Reactions);

    /// <summary>The reaction's name, as it is kept and not as a fan sent it; null where there is no such reaction.</summary>
    public string? Find(string reaction) => _names.GetValueOrDefault(reaction);
}
