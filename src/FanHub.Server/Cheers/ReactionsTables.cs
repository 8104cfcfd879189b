using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Cheers;

/// <summary>How reactions lie in the database.</summary>
internal static class ReactionsTables
{
    /// <summary>Adds them to the model.</summary>
    public static void AddReactions(this ModelBuilder model) => model.Entity<Reactions>(reactions =>
    {
        reactions.ToTable("reactions");
        reactions.HasKey(r => r.Channel);
        reactions.Property(r => r.Channel).HasColumnName("channel").ValueGeneratedNever();
        reactions.Property(r => r.Names).HasColumnName("names").HasConversion(new JsonColumn<List<string>>(), JsonColumn<List<string>>.Comparer);
        reactions.Property(r => r.Version).HasColumnName("version").IsConcurrencyToken();
        reactions.Property(r => r.CreatedAt).HasColumnName("created_at");
        reactions.Property(r => r.UpdatedAt).HasColumnName("updated_at");
    });
}
