using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Cheers;

/// <summary>What fans get to see of a channel's reactions: its item, as it follows from the row.</summary>
internal static class ReactionsItems
{
    /// <summary>The key of a channel's reactions.</summary>
    public static string Key(string channel) => $"{ItemKinds.Reactions}:{channel}";

    /// <summary>The item; the removal of it where fans may not cheer.</summary>
    public static Item State(Reactions reactions) => new()
    {
        Key = Key(reactions.Channel),
        Kind = ItemKinds.Reactions,
        Class = DeliveryClass.Logged,
        Version = reactions.Version,
        At = reactions.UpdatedAt,
        Data = reactions.Names.Count == 0
            ? default(ReadOnlyMemory<byte>)
            : JsonSerializer.SerializeToUtf8Bytes(new ReactionsItem { Channel = reactions.Channel, Reactions = reactions.Names }, WireJson.Options),
    };
}
