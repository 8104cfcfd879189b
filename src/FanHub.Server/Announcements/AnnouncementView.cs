using FanHub.Contracts;

namespace FanHub.Server.Announcements;

/// <summary>An announcement as editors see it.</summary>
internal sealed record AnnouncementView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The channel that it appears in.</summary>
    public required string Channel { get; init; }

    /// <summary>Where in its life it is.</summary>
    public required AnnouncementState State { get; init; }

    /// <summary>Grows with every change; also the <c>ETag</c>.</summary>
    public required long Version { get; init; }

    /// <summary>Its title, by language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>What it says beyond the title, by language.</summary>
    public IReadOnlyDictionary<string, string>? Text { get; init; }

    /// <summary>How much it matters.</summary>
    public required AnnouncementSeverity Severity { get; init; }

    /// <summary>Where it leads.</summary>
    public string? Link { get; init; }

    /// <summary>A picture.</summary>
    public string? Image { get; init; }

    /// <summary>When it is to appear, or did.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it is to go away, or did.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Shows an announcement.</summary>
    public static AnnouncementView Of(Announcement announcement) => new()
    {
        Id = announcement.Id,
        Channel = announcement.Channel,
        State = announcement.State,
        Version = announcement.Version,
        Title = announcement.Title,
        Text = announcement.Text,
        Severity = announcement.Severity,
        Link = announcement.Link,
        Image = announcement.Image,
        OpensAt = announcement.OpensAt,
        ExpiresAt = announcement.ExpiresAt,
        CreatedAt = announcement.CreatedAt,
        UpdatedAt = announcement.UpdatedAt,
    };
}
