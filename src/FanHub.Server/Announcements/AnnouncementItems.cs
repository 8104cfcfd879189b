using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Channels;

namespace FanHub.Server.Announcements;

/// <summary>What fans get to see of an announcement: its item, as it follows from its row.</summary>
internal static class AnnouncementItems
{
    /// <summary>The key of an announcement's item.</summary>
    public static string Key(string announcement) => $"{ItemKinds.Announcement}:{announcement}";

    /// <summary>The announcement's item; the removal of it where it has expired or was revoked.</summary>
    /// <param name="announcement">An announcement that fans have seen or are about to see.</param>
    /// <param name="defaultLocale">The channel's default language.</param>
    public static Item State(Announcement announcement, string defaultLocale) => new()
    {
        Key = Key(announcement.Id),
        Kind = ItemKinds.Announcement,
        Class = DeliveryClass.Logged,
        Version = announcement.Version,
        At = At(announcement),
        Data = IsShown(announcement.State) ? Write(announcement) : default(ReadOnlyMemory<byte>),
        DefaultLocale = defaultLocale,
    };

    /// <summary>How many bytes the announcement's item has.</summary>
    public static int LargestSize(Announcement announcement) => Write(announcement).Length;

    /// <summary>When the present state became true: announcements appear and go at their own times, however late a node acted on it.</summary>
    private static DateTimeOffset At(Announcement announcement) => announcement.State switch
    {
        AnnouncementState.Published => announcement.OpensAt ?? announcement.UpdatedAt,
        AnnouncementState.Expired => announcement.ExpiresAt ?? announcement.UpdatedAt,
        _ => announcement.UpdatedAt,
    };

    private static bool IsShown(AnnouncementState state) => state switch
    {
        AnnouncementState.Published => true,
        AnnouncementState.Expired or AnnouncementState.Revoked => false,
        _ => throw new InvalidOperationException($"An announcement that is {AnnouncementStates.Name(state)} has nothing for fans to see."),
    };

    private static byte[] Write(Announcement announcement) => JsonSerializer.SerializeToUtf8Bytes(
        new Published
        {
            Id = announcement.Id,
            Title = new Texts(announcement.Title),
            Text = announcement.Text is { } text ? new Texts(text) : null,
            Severity = announcement.Severity,
            Link = announcement.Link,
            Image = announcement.Image,
            ExpiresAt = announcement.ExpiresAt,
        },
        WireJson.Options);

    /// <summary><see cref="AnnouncementItem"/> with all its languages.</summary>
    private sealed record Published
    {
        public required string Id { get; init; }

        public required Texts Title { get; init; }

        public Texts? Text { get; init; }

        public required AnnouncementSeverity Severity { get; init; }

        public string? Link { get; init; }

        public string? Image { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }
    }
}
