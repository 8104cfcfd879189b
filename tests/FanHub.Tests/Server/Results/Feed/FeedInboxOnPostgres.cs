using FanHub.Testing;
using Npgsql;

namespace FanHub.Tests.Server.Results.Feed;

public sealed class FeedInboxOnPostgres(PostgresFixture postgres) : FeedInboxTests(postgres.NewDatabaseAsync)
{
    [Fact]
    public async Task Two_nodes_take_messages_in_side_by_side()
    {
        await using var one = await StartAsync(settings: FeedSender.Settings());
        await using var other = await StartAsync(new Place(EditorialHost.NewDirectory(), one.Place.Postgres), settings: FeedSender.Settings());
        EditorialHost[] hosts = [one, other];
        var ids = await Task.WhenAll(Enumerable.Range(1, 60).Select(i => hosts[i % 2].FedAsync(("Version", $"{i}"))));
        (await one.StoredAsync()).Select(m => m.Id).ShouldBe(ids.Order());
    }

    private protected override async Task<IAsyncDisposable> HoldWritesAsync(Place place)
    {
        var connection = await PostgresServer.ConnectAsync(place.Postgres!);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE feed_messages IN SHARE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
