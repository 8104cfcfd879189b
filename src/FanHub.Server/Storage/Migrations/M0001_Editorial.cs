using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage.Migrations;

/// <summary>Channels, polls, the outbox, and the answers kept for repeated requests.</summary>
[DbContext(typeof(FanHubDb))]
[Migration("0001_editorial")]
internal sealed class M0001_Editorial : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "channels",
            table => new
            {
                id = migrationBuilder.Text(table),
                title = migrationBuilder.Text(table),
                default_locale = migrationBuilder.Text(table),
                required_locales = migrationBuilder.Text(table),
                version = table.Column<long>(),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_channels", c => c.id));
        migrationBuilder.CreateTable(
            "polls",
            table => new
            {
                id = migrationBuilder.Text(table),
                channel = migrationBuilder.Text(table),
                state = migrationBuilder.Text(table),
                version = table.Column<long>(),
                title = migrationBuilder.Text(table),
                options = migrationBuilder.Text(table),
                max_choices = table.Column<int>(),
                changeable = table.Column<bool>(),
                visibility = migrationBuilder.Text(table),
                opens_at = table.Column<long>(nullable: true),
                closes_at = table.Column<long>(nullable: true),
                late_window_ms = table.Column<int>(),
                published_at = table.Column<long>(nullable: true),
                result = migrationBuilder.Text(table, nullable: true),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_polls", p => p.id);
                table.ForeignKey("fk_polls_channel", p => p.channel, "channels", "id");
            });
        migrationBuilder.CreateIndex("ix_polls_channel", "polls", ["channel", "id"]);
        migrationBuilder.CreateIndex("ix_polls_state", "polls", ["state", "id"]);
        migrationBuilder.CreateTable(
            "outbox",
            table => new
            {
                id = migrationBuilder.Identity(table),
                once = migrationBuilder.Text(table),
                channel = migrationBuilder.Text(table),
                effect = migrationBuilder.Text(table),
                payload = migrationBuilder.Text(table),
                created_at = table.Column<long>(),
                attempts = table.Column<int>(),
                parked_at = table.Column<long>(nullable: true),
                error = migrationBuilder.Text(table, nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_outbox", r => r.id));
        migrationBuilder.CreateTable(
            "idempotency",
            table => new
            {
                editor = migrationBuilder.Text(table),
                key = migrationBuilder.Text(table),
                fingerprint = migrationBuilder.Text(table),
                status = table.Column<int>(),
                body = migrationBuilder.Text(table),
                etag = migrationBuilder.Text(table, nullable: true),
                location = migrationBuilder.Text(table, nullable: true),
                created_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_idempotency", r => new { r.editor, r.key }));
        migrationBuilder.CreateIndex("ix_idempotency_created_at", "idempotency", "created_at");
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.DropTable("idempotency");
        migrationBuilder.DropTable("outbox");
        migrationBuilder.DropTable("polls");
        migrationBuilder.DropTable("channels");
    }
}
