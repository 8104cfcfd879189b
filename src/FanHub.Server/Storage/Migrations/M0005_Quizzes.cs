using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage.Migrations;

/// <summary>Quizzes.</summary>
[DbContext(typeof(FanHubDb))]
[Migration("0005_quizzes")]
internal sealed class M0005_Quizzes : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "quizzes",
            table => new
            {
                id = migrationBuilder.Text(table),
                channel = migrationBuilder.Text(table),
                state = migrationBuilder.Text(table),
                version = table.Column<long>(),
                title = migrationBuilder.Text(table),
                scoring = migrationBuilder.Text(table),
                streak_bonus = table.Column<int>(),
                pace = migrationBuilder.Text(table),
                pause_seconds = table.Column<int>(),
                more_time = table.Column<bool>(),
                late_window_ms = table.Column<int>(),
                opens_at = table.Column<long>(nullable: true),
                questions = migrationBuilder.Text(table),
                asked = table.Column<int>(),
                published_at = table.Column<long>(nullable: true),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_quizzes", q => q.id);
                table.ForeignKey("fk_quizzes_channel", q => q.channel, "channels", "id");
            });
        migrationBuilder.CreateIndex("ix_quizzes_channel", "quizzes", ["channel", "id"]);
        migrationBuilder.CreateIndex("ix_quizzes_state", "quizzes", ["state", "id"]);
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.DropTable("quizzes");
    }
}
