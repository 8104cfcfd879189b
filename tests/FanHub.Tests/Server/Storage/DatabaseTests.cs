using FanHub.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Tests.Server.Storage;

public sealed class DatabaseTests
{
    [Fact]
    public async Task Migrating_twice_changes_nothing_and_keeps_what_is_there()
    {
        var directory = EditorialHost.NewDirectory();
        string poll;
        await using (var host = await EditorialHost.StartAsync(directory))
        {
            poll = await host.NewPollAsync();
        }

        await using var again = await EditorialHost.StartAsync(directory);
        (await again.GetAsync($"polls/{poll}")).Status.ShouldBe(200);
        (await again.WithDbAsync(async db => (await db.Database.GetPendingMigrationsAsync()).ToList())).ShouldBeEmpty();
        (await again.WithDbAsync(db => db.Database.SqlQueryRaw<string>("PRAGMA journal_mode").ToListAsync())).ShouldBe(["wal"]);
    }

    [Fact]
    public async Task Every_table_has_the_columns_of_its_entity_and_no_others()
    {
        await using var host = await EditorialHost.StartAsync();
        await host.WithDbAsync(async db =>
        {
            foreach (var entity in db.Model.GetEntityTypes())
            {
                var table = entity.GetTableName()!;
                var columns = await db.Database.SqlQuery<string>($"SELECT name || ' ' || CASE WHEN \"notnull\" OR pk THEN 'needed' ELSE 'optional' END AS \"Value\" FROM pragma_table_info({table})").ToListAsync();
                columns.ShouldBe(entity.GetProperties().Select(p => $"{p.GetColumnName()} {(p.IsNullable ? "optional" : "needed")}"), ignoreOrder: true, table);
            }

            return true;
        });
    }

    [Fact]
    public async Task A_migration_lock_left_by_a_process_that_was_killed_does_not_hold_up_the_next()
    {
        var directory = EditorialHost.NewDirectory();
        await using (await EditorialHost.StartAsync(directory))
        {
        }

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(directory, SqliteSettings.FileName)};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO \"__EFMigrationsLock\" (\"Id\", \"Timestamp\") VALUES (1, '2026-01-01')";
            await command.ExecuteNonQueryAsync();
        }

        await using var again = await EditorialHost.StartAsync(directory).WaitAsync(TimeSpan.FromSeconds(20));
        (await again.GetAsync("channels")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_directory_is_refused_with_a_clear_message()
    {
        await using var host = await EditorialHost.StartAsync();
        var refused = await Should.ThrowAsync<DataDirectoryInUseException>(() => EditorialHost.StartAsync(host.Directory));
        refused.Message.ShouldContain(host.Directory);
        refused.Message.ShouldContain("in use by another FanHub server");
        (await host.GetAsync("channels")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task While_the_database_cannot_be_written_editors_are_told_to_come_back_and_nothing_is_half_done()
    {
        await using var host = await EditorialHost.StartAsync();
        var poll = await host.NewPollAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(host.Directory, SqliteSettings.FileName)};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var held = await connection.BeginTransactionAsync();
            var refused = await host.PostAsync($"polls/{poll}/open", null, ("Idempotency-Key", "k"));
            refused.Status.ShouldBe(503, refused.Content);
            refused.Code.ShouldBe(FanHub.Contracts.ErrorCodes.Unavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await host.GetAsync($"polls/{poll}")).State.ShouldBe("draft");
        }

        (await host.PostAsync($"polls/{poll}/open", null, ("Idempotency-Key", "k"))).State.ShouldBe("open");
        (await host.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(1);
    }
}
