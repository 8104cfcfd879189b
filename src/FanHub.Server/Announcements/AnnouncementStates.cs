using System.Text.Json.Serialization;

namespace FanHub.Server.Announcements;

/// <summary>An announcement's life as editors see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnnouncementState>))]
internal enum AnnouncementState
{
    /// <summary>Being written.</summary>
    [JsonStringEnumMemberName("draft")]
    Draft,

    /// <summary>Appears by itself at its time.</summary>
    [JsonStringEnumMemberName("scheduled")]
    Scheduled,

    /// <summary>Fans see it.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>Its time has passed, and fans see it no longer.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>Called off before any fan saw it.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Taken away from every fan.</summary>
    [JsonStringEnumMemberName("revoked")]
    Revoked,
}

/// <summary>States by the names that the API gives them.</summary>
internal static class AnnouncementStates
{
    private static readonly Dictionary<string, AnnouncementState> ByName = Enum.GetValues<AnnouncementState>().ToDictionary(Name, StringComparer.Ordinal);

    /// <summary>The names, in the order of an announcement's life.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The state's name.</summary>
    public static string Name(AnnouncementState state) => state switch
    {
        AnnouncementState.Draft => "draft",
        AnnouncementState.Scheduled => "scheduled",
        AnnouncementState.Published => "published",
        AnnouncementState.Expired => "expired",
        AnnouncementState.Cancelled => "cancelled",
        AnnouncementState.Revoked => "revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    /// <summary>The state of that name; null where there is none.</summary>
    public static AnnouncementState? Find(string name) => ByName.TryGetValue(name, out var state) ? state : null;
}
