using FanHub.Server.Questions;
using FanHub.Server.Storage;

namespace FanHub.Server.Announcements;

/// <summary>What announcements need beside their commands.</summary>
internal static class AnnouncementServices
{
    /// <summary>Adds it.</summary>
    public static void AddAnnouncements(this IServiceCollection services)
    {
        services.AddSingleton<IDueWork, AnnouncementsDue>();
        services.AddSingleton<ILiveContent, AnnouncementLiveItems>();
    }
}
