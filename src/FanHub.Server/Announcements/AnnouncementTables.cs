using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Announcements;

/// <summary>How announcements lie in the database.</summary>
internal static class AnnouncementTables
{
    /// <summary>Adds them to the model.</summary>
    public static void AddAnnouncements(this ModelBuilder model) => model.Entity<Announcement>(announcement =>
    {
        announcement.ToTable("announcements");
        announcement.HasKey(a => a.Id);
        announcement.Property(a => a.Id).HasColumnName("id").ValueGeneratedNever();
        announcement.Property(a => a.Channel).HasColumnName("channel");
        announcement.Property(a => a.State).HasColumnName("state").HasConversion<string>();
        announcement.Property(a => a.Version).HasColumnName("version").IsConcurrencyToken();
        announcement.Property(a => a.Title).HasColumnName("title").HasConversion(new JsonColumn<Dictionary<string, string>>(), JsonColumn<Dictionary<string, string>>.Comparer);
        announcement.Property(a => a.Text).HasColumnName("text").HasConversion(new JsonColumn<Dictionary<string, string>?>(), JsonColumn<Dictionary<string, string>?>.Comparer);
        announcement.Property(a => a.Severity).HasColumnName("severity").HasConversion<string>();
        announcement.Property(a => a.Link).HasColumnName("link");
        announcement.Property(a => a.Image).HasColumnName("image");
        announcement.Property(a => a.OpensAt).HasColumnName("opens_at");
        announcement.Property(a => a.ExpiresAt).HasColumnName("expires_at");
        announcement.Property(a => a.PublishedAt).HasColumnName("published_at");
        announcement.Property(a => a.CreatedAt).HasColumnName("created_at");
        announcement.Property(a => a.UpdatedAt).HasColumnName("updated_at");
    });
}
