using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage.Migrations;

/// <summary>Announcements.</summary>
[DbContext(typeof(FanHubDb))]
[Migration("0006_announcements")]
internal sealed class M0006_Announcements : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "announcements",
            table => new
            {
                id = migrationBuilder.Text(table),
                channel = migrationBuilder.Text(table),
                state = migrationBuilder.Text(table),
                version = table.Column<long>(),
                title = migrationBuilder.Text(table),
                text = migrationBuilder.Text(table, nullable: true),
                severity = migrationBuilder.Text(table),
                link = migrationBuilder.Text(table, nullable: true),
                image = migrationBuilder.Text(table, nullable: true),
                opens_at = table.Column<long>(nullable: true),
                expires_at = table.Column<long>(nullable: true),
                published_at = table.Column<long>(nullable: true),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_announcements", a => a.id);
                table.ForeignKey("fk_announcements_channel", a => a.channel, "channels", "id");
            });
        migrationBuilder.CreateIndex("ix_announcements_channel", "announcements", ["channel", "id"]);
        migrationBuilder.CreateIndex("ix_announcements_state", "announcements", ["state", "id"]);
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.DropTable("announcements");
    }
}
