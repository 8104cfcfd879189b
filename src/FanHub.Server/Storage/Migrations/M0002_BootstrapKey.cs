using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage.Migrations;

/// <summary>The admin key that editor nodes share.</summary>
[DbContext(typeof(FanHubDb))]
[Migration("0002_bootstrap_key")]
internal sealed class M0002_BootstrapKey : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.CreateTable(
            "bootstrap_key",
            table => new
            {
                id = table.Column<int>(),
                hash = migrationBuilder.Text(table),
                created_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_bootstrap_key", k => k.id));
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.DropTable("bootstrap_key");
    }
}
