using System.Buffers;
using System.Text;
using System.Text.Json;
using FanHub.Realtime.Channels;
using FanHub.Server.Results.Board;

namespace FanHub.Server.Results.Editors;

/// <summary>A result as editors see it.</summary>
internal sealed record ResultView
{
    /// <summary>The unit.</summary>
    public required string Unit { get; init; }

    /// <summary>The item's version, which is its <c>ETag</c> too.</summary>
    public required long Version { get; init; }

    /// <summary>The channels that it is on; absent where it was replaced.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>What fans see, in the default language; absent where it was replaced.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Set where another change followed before this answer: read it again.</summary>
    public bool? Replaced { get; init; }

    /// <summary>The view of an item that is shown.</summary>
    public static ResultView Of(BoardItem item, string defaultLocale)
    {
        var data = Encoding.UTF8.GetBytes(item.Data!);
        var shown = new ArrayBufferWriter<byte>(data.Length);
        LocalizedJson.Project(data, LocalizedJson.Choose(LocalizedJson.Languages(data), defaultLocale, defaultLocale), defaultLocale, shown);
        return new ResultView { Unit = item.Key[(item.Key.IndexOf(':', StringComparison.Ordinal) + 1)..], Version = item.Version, Channels = item.Channels, Result = JsonElement.Parse(shown.WrittenSpan) };
    }
}
