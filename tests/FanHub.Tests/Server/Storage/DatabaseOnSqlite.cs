using FanHub.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Tests.Server.Storage;

public sealed class DatabaseOnSqlite() : DatabaseTests(Sqlite)
{
    [Fact]
    public async Task The_file_has_a_write_ahead_log()
    {
        await using var host = await StartAsync();
        (await host.WithDbAsync(db => db.Database.SqlQueryRaw<string>("PRAGMA journal_mode").ToListAsync())).ShouldBe(["wal"]);
    }

    [Fact]
    public async Task A_migration_lock_left_by_a_process_that_was_killed_does_not_hold_up_the_next()
    {
        var place = await NewPlaceAsync();
        await using (await StartAsync(place))
        {
        }

        await using (var connection = await OpenAsync(place))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO \"__EFMigrationsLock\" (\"Id\", \"Timestamp\") VALUES (1, '2026-01-01')";
            await command.ExecuteNonQueryAsync();
        }

        await using var again = await StartAsync(place).WaitAsync(TimeSpan.FromSeconds(20));
        (await again.GetAsync("channels")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_directory_is_refused_with_a_clear_message()
    {
        await using var host = await StartAsync();
        var refused = await Should.ThrowAsync<DataDirectoryInUseException>(() => StartAsync(host.Place));
        refused.Message.ShouldContain(host.Place.Directory);
        refused.Message.ShouldContain("in use by another FanHub server");
        (await host.GetAsync("channels")).Status.ShouldBe(200);
    }

    private protected override Task<List<string>> ColumnsAsync(FanHubDb db, string table) =>
        db.Database.SqlQuery<string>($"SELECT name || ' ' || CASE WHEN \"notnull\" OR pk THEN 'needed' ELSE 'optional' END AS \"Value\" FROM pragma_table_info({table})").ToListAsync();

    private protected override async Task<IAsyncDisposable> HoldWritesAsync(Place place)
    {
        var connection = await OpenAsync(place);
        await connection.BeginTransactionAsync();
        return connection;
    }

    private static async Task<SqliteConnection> OpenAsync(Place place)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(place.Directory, SqliteSettings.FileName)};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
