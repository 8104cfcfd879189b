using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage.Migrations;

/// <summary>Feed messages, the documents held of them, and what fans are to see.</summary>
[DbContext(typeof(FanHubDb))]
[Migration("0003_results")]
internal sealed class M0003_Results : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "feed_messages",
            table => new
            {
                id = migrationBuilder.Identity(table),
                feed = migrationBuilder.Text(table),
                received_at = table.Column<long>(),
                content = table.Column<byte[]>(),
                size = table.Column<int>(),
                document_key = migrationBuilder.Text(table),
                document_type = migrationBuilder.Text(table),
                document_code = migrationBuilder.Text(table),
                version = table.Column<long>(),
                source = migrationBuilder.Text(table),
                state = migrationBuilder.Text(table),
                outcome = migrationBuilder.Text(table, nullable: true),
                reason = migrationBuilder.Text(table, nullable: true),
                flagged = table.Column<bool>(),
                defects = migrationBuilder.Text(table, nullable: true),
                processed_at = table.Column<long>(nullable: true),
                item_version = table.Column<long>(nullable: true),
                made_item = table.Column<bool>(),
            },
            constraints: table => table.PrimaryKey("pk_feed_messages", m => m.id));
        migrationBuilder.CreateIndex("ix_feed_messages_state", "feed_messages", ["state", "id"]);
        migrationBuilder.CreateIndex("ix_feed_messages_flagged", "feed_messages", ["flagged", "id"]);
        migrationBuilder.CreateIndex("ix_feed_messages_document_code", "feed_messages", ["document_code", "id"]);
        migrationBuilder.CreateIndex("ix_feed_messages_document_type", "feed_messages", ["document_type", "id"]);
        // With all that the counts of the last day need, so that they leave the messages alone.
        migrationBuilder.CreateIndex("ix_feed_messages_received_at", "feed_messages", ["received_at", "state", "outcome", "document_type", "processed_at"]);
        migrationBuilder.CreateTable(
            "held_documents",
            table => new
            {
                key = migrationBuilder.Text(table),
                version = table.Column<long>(),
                source = migrationBuilder.Text(table),
                message = table.Column<long>(nullable: true),
                invalidated = table.Column<bool>(),
            },
            constraints: table => table.PrimaryKey("pk_held_documents", d => d.key));
        migrationBuilder.CreateIndex("ix_held_documents_message", "held_documents", "message");
        migrationBuilder.CreateTable(
            "board_items",
            table => new
            {
                key = migrationBuilder.Text(table),
                kind = migrationBuilder.Text(table),
                version = table.Column<long>(),
                published_version = table.Column<long>(),
                at = table.Column<long>(),
                data = migrationBuilder.Text(table, nullable: true),
                channels = migrationBuilder.Text(table),
                left_channels = migrationBuilder.Text(table),
            },
            constraints: table => table.PrimaryKey("pk_board_items", i => i.key));
        migrationBuilder.CreateTable(
            "board_places",
            table => new
            {
                channel = migrationBuilder.Text(table),
                key = migrationBuilder.Text(table),
            },
            constraints: table => table.PrimaryKey("pk_board_places", p => new { p.channel, p.key }));
        migrationBuilder.CreateTable(
            "feed_leases",
            table => new
            {
                name = migrationBuilder.Text(table),
                holder = migrationBuilder.Text(table),
                term = table.Column<long>(),
                until = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_feed_leases", l => l.name));
        migrationBuilder.CreateTable(
            "rehearsals",
            table => new
            {
                id = migrationBuilder.Text(table),
                name = migrationBuilder.Text(table),
                folder = migrationBuilder.Text(table, nullable: true),
                from_at = table.Column<long>(nullable: true),
                to_at = table.Column<long>(nullable: true),
                speed = table.Column<double>(),
                max_pause_ms = table.Column<int>(),
                state = migrationBuilder.Text(table),
                messages = table.Column<int>(),
                played = table.Column<int>(),
                unreadable = table.Column<int>(),
                error = migrationBuilder.Text(table, nullable: true),
                stop_asked = table.Column<bool>(),
                removal_asked = table.Column<bool>(),
                created_at = table.Column<long>(),
                seen_at = table.Column<long>(),
                channels = migrationBuilder.Text(table),
            },
            constraints: table => table.PrimaryKey("pk_rehearsals", r => r.id));
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.DropTable("rehearsals");
        migrationBuilder.DropTable("feed_leases");
        migrationBuilder.DropTable("board_places");
        migrationBuilder.DropTable("board_items");
        migrationBuilder.DropTable("held_documents");
        migrationBuilder.DropTable("feed_messages");
    }
}
