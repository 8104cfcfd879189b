using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FanHub.Tests.Server.Storage;

public sealed class DatabaseOnPostgres(PostgresFixture postgres) : DatabaseTests(postgres.NewDatabaseAsync)
{
    [Fact]
    public async Task Nodes_that_start_together_on_an_empty_database_all_come_up_and_one_of_them_makes_the_tables()
    {
        var database = await postgres.NewDatabaseAsync();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => StartAsync(new Place(EditorialHost.NewDirectory(), database)))));
        hosts.SelectMany(h => h.Logs.Lines).Count(l => l.Contains("database migrations", StringComparison.Ordinal)).ShouldBe(1);
        foreach (var host in hosts)
        {
            (await host.GetAsync("channels")).Status.ShouldBe(200);
            host.Logs.Errors.ShouldBeEmpty();
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_that_is_not_there_keeps_the_node_from_starting_and_says_so()
    {
        var missing = new NpgsqlConnectionStringBuilder((await postgres.ServerAsync()).ConnectionString) { Database = "nowhere" }.ConnectionString;
        (await Should.ThrowAsync<PostgresException>(() => StartAsync(new Place(EditorialHost.NewDirectory(), missing)))).Message.ShouldContain("nowhere");
    }

    [Theory]
    [InlineData("postgres://db/fanhub")]
    [InlineData("Host=db;Passwort=x")]
    [InlineData("Database=fanhub")]
    [InlineData("Host=db")]
    public void A_connection_string_that_cannot_be_meant_is_refused_without_showing_it(string configured)
    {
        var refused = Should.Throw<NodeConfigurationException>(() => PostgresSettings.ConnectionString(configured));
        refused.Message.ShouldStartWith("ConnectionStrings:Postgres ");
        refused.Message.ShouldNotContain(configured);
    }

    [Fact]
    public void What_the_connection_string_says_wins_over_the_defaults()
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresSettings.ConnectionString("Host=db;Database=f;CommandTimeout=7;Options=-c search_path=x"));
        settings.CommandTimeout.ShouldBe(7);
        settings.Options.ShouldBe("-c search_path=x");
        settings.Timeout.ShouldBe(3);
    }

    private protected override Task<List<string>> ColumnsAsync(FanHubDb db, string table) =>
        db.Database.SqlQuery<string>($"SELECT column_name || ' ' || CASE is_nullable WHEN 'NO' THEN 'needed' ELSE 'optional' END AS \"Value\" FROM information_schema.columns WHERE table_name = {table}").ToListAsync();

    private protected override async Task<IAsyncDisposable> HoldWritesAsync(Place place)
    {
        var connection = await PostgresServer.ConnectAsync(place.Postgres!);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE channels, polls, outbox, idempotency IN SHARE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
