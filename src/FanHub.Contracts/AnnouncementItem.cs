using System.Text.Json.Serialization;

namespace FanHub.Contracts;

/// <summary>How much an announcement matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnnouncementSeverity>))]
public enum AnnouncementSeverity
{
    /// <summary>Good to know.</summary>
    [JsonStringEnumMemberName("info")]
    Info,

    /// <summary>To be seen at once.</summary>
    [JsonStringEnumMemberName("breaking")]
    Breaking,
}

/// <summary>A card that editors publish: the <c>data</c> of <c>announcement:{id}</c>. The item is removed when it expires or is taken back.</summary>
public sealed record AnnouncementItem
{
    /// <summary>The announcement's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its title, in <see cref="Lang"/>.</summary>
    public required string Title { get; init; }

    /// <summary>What it says beyond the title.</summary>
    public string? Text { get; init; }

    /// <summary>How much it matters.</summary>
    public required AnnouncementSeverity Severity { get; init; }

    /// <summary>Where it leads: an absolute https URL, or a path on the page's own site that begins with one slash.</summary>
    public string? Link { get; init; }

    /// <summary>A picture, an absolute https URL.</summary>
    public string? Image { get; init; }

    /// <summary>When it is removed; absent while nobody has said.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The language that the texts are in.</summary>
    public string? Lang { get; init; }
}
