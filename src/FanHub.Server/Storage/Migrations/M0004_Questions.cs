using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage.Migrations;

/// <summary>Predictions, and windows that are told by how long they are.</summary>
[DbContext(typeof(FanHubDb))]
[Migration("0004_questions")]
internal sealed class M0004_Questions : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.AddColumn<int>("seconds", "polls", nullable: true);
        migrationBuilder.CreateTable(
            "predictions",
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
                seconds = table.Column<int>(nullable: true),
                late_window_ms = table.Column<int>(),
                published_at = table.Column<long>(nullable: true),
                result = migrationBuilder.Text(table, nullable: true),
                points = table.Column<int>(),
                unit = migrationBuilder.Text(table, nullable: true),
                settlements = migrationBuilder.Text(table),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_predictions", p => p.id);
                table.ForeignKey("fk_predictions_channel", p => p.channel, "channels", "id");
            });
        migrationBuilder.CreateIndex("ix_predictions_channel", "predictions", ["channel", "id"]);
        migrationBuilder.CreateIndex("ix_predictions_state", "predictions", ["state", "id"]);
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.DropTable("predictions");
        migrationBuilder.DropColumn("seconds", "polls");
    }
}
