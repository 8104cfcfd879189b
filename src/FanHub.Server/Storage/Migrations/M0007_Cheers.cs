using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage.Migrations;

/// <summary>How fans may cheer in each channel.</summary>
[DbContext(typeof(FanHubDb))]
[Migration("0007_cheers")]
internal sealed class M0007_Cheers : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "reactions",
            table => new
            {
                channel = migrationBuilder.Text(table),
                names = migrationBuilder.Text(table),
                version = table.Column<long>(),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_reactions", r => r.channel);
                table.ForeignKey("fk_reactions_channel", r => r.channel, "channels", "id");
            });
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.DropTable("reactions");
    }
}
