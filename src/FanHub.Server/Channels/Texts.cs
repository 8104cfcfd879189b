using System.Text.Json.Serialization;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Channels;

/// <summary>A text with all its languages, as items carry it: each node puts the follower's language in its place (<see cref="LocalizedJson"/>).</summary>
/// <param name="ByLocale">The text by BCP 47 tag.</param>
internal sealed record Texts([property: JsonPropertyName(LocalizedJson.Marker)] IReadOnlyDictionary<string, string> ByLocale);
