using FanHub.Server.Results.Board;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Rehearsals;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results;

/// <summary>How results lie in the database.</summary>
internal static class ResultTables
{
    /// <summary>Adds them to the model.</summary>
    public static void AddResults(this ModelBuilder model)
    {
        model.Entity<FeedMessage>(message =>
        {
            message.ToTable("feed_messages");
            message.HasKey(m => m.Id);
            message.Property(m => m.Id).HasColumnName("id").ValueGeneratedOnAdd();
            message.Property(m => m.Feed).HasColumnName("feed");
            message.Property(m => m.ReceivedAt).HasColumnName("received_at");
            message.Property(m => m.Content).HasColumnName("content");
            message.Property(m => m.Size).HasColumnName("size");
            message.Property(m => m.DocumentKey).HasColumnName("document_key");
            message.Property(m => m.DocumentType).HasColumnName("document_type");
            message.Property(m => m.DocumentCode).HasColumnName("document_code");
            message.Property(m => m.Version).HasColumnName("version");
            message.Property(m => m.Source).HasColumnName("source");
            message.Property(m => m.State).HasColumnName("state").HasConversion<string>();
            message.Property(m => m.Outcome).HasColumnName("outcome").HasConversion<string>();
            message.Property(m => m.Reason).HasColumnName("reason");
            message.Property(m => m.Flagged).HasColumnName("flagged");
            message.Property(m => m.Defects).HasColumnName("defects");
            message.Property(m => m.ProcessedAt).HasColumnName("processed_at");
            message.Property(m => m.ItemVersion).HasColumnName("item_version");
            message.Property(m => m.MadeItem).HasColumnName("made_item");
        });
        model.Entity<HeldDocument>(document =>
        {
            document.ToTable("held_documents");
            document.HasKey(d => d.Key);
            document.Property(d => d.Key).HasColumnName("key").ValueGeneratedNever();
            document.Property(d => d.Version).HasColumnName("version");
            document.Property(d => d.Source).HasColumnName("source");
            document.Property(d => d.Message).HasColumnName("message");
            document.Property(d => d.Invalidated).HasColumnName("invalidated");
        });
        model.Entity<BoardItem>(item =>
        {
            item.ToTable("board_items");
            item.HasKey(i => i.Key);
            item.Property(i => i.Key).HasColumnName("key").ValueGeneratedNever();
            item.Property(i => i.Kind).HasColumnName("kind");
            item.Property(i => i.Version).HasColumnName("version");
            item.Property(i => i.PublishedVersion).HasColumnName("published_version");
            item.Property(i => i.At).HasColumnName("at");
            item.Property(i => i.Data).HasColumnName("data");
            item.Property(i => i.Channels).HasColumnName("channels").HasConversion(new JsonColumn<List<string>>(), JsonColumn<List<string>>.Comparer);
            item.Property(i => i.LeftChannels).HasColumnName("left_channels").HasConversion(new JsonColumn<List<string>>(), JsonColumn<List<string>>.Comparer);
        });
        model.Entity<BoardPlace>(place =>
        {
            place.ToTable("board_places");
            place.HasKey(p => new { p.Channel, p.Key });
            place.Property(p => p.Channel).HasColumnName("channel");
            place.Property(p => p.Key).HasColumnName("key");
        });
        model.Entity<Rehearsal>(rehearsal =>
        {
            rehearsal.ToTable("rehearsals");
            rehearsal.HasKey(r => r.Id);
            rehearsal.Property(r => r.Id).HasColumnName("id").ValueGeneratedNever();
            rehearsal.Property(r => r.Name).HasColumnName("name");
            rehearsal.Property(r => r.Folder).HasColumnName("folder");
            rehearsal.Property(r => r.From).HasColumnName("from_at");
            rehearsal.Property(r => r.To).HasColumnName("to_at");
            rehearsal.Property(r => r.Speed).HasColumnName("speed");
            rehearsal.Property(r => r.MaxPauseMs).HasColumnName("max_pause_ms");
            rehearsal.Property(r => r.State).HasColumnName("state").HasConversion<string>();
            rehearsal.Property(r => r.Messages).HasColumnName("messages");
            rehearsal.Property(r => r.Played).HasColumnName("played");
            rehearsal.Property(r => r.Unreadable).HasColumnName("unreadable");
            rehearsal.Property(r => r.Error).HasColumnName("error");
            rehearsal.Property(r => r.StopAsked).HasColumnName("stop_asked");
            rehearsal.Property(r => r.RemovalAsked).HasColumnName("removal_asked");
            rehearsal.Property(r => r.CreatedAt).HasColumnName("created_at");
            rehearsal.Property(r => r.SeenAt).HasColumnName("seen_at");
            rehearsal.Property(r => r.Channels).HasColumnName("channels").HasConversion(new JsonColumn<List<string>>(), JsonColumn<List<string>>.Comparer);
            rehearsal.Ignore(r => r.Prefix);
        });
        model.Entity<FeedLease>(lease =>
        {
            lease.ToTable("feed_leases");
            lease.HasKey(l => l.Name);
            lease.Property(l => l.Name).HasColumnName("name").ValueGeneratedNever();
            lease.Property(l => l.Holder).HasColumnName("holder");
            lease.Property(l => l.Term).HasColumnName("term");
            lease.Property(l => l.Until).HasColumnName("until");
        });
    }
}
