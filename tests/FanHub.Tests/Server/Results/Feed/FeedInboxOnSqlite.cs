using FanHub.Server.Results.Feed;
using FanHub.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Results.Feed;

public sealed class FeedInboxOnSqlite() : FeedInboxTests(Sqlite)
{
    [Fact]
    public async Task Whoever_writes_for_the_feed_waits_for_the_turn_of_the_other()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        Task<long> fed;
        using (await host.Services.GetRequiredService<FeedWriteTurn>().EnterAsync(CancellationToken.None))
        {
            fed = host.FedAsync();
            await Should.ThrowAsync<TimeoutException>(fed.WaitAsync(TimeSpan.FromMilliseconds(300)));
            (await host.StoredAsync()).ShouldBeEmpty();
        }

        await fed.WaitAsync(TimeSpan.FromSeconds(5));
    }

    private protected override async Task<IAsyncDisposable> HoldWritesAsync(Place place)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(place.Directory, SqliteSettings.FileName)};Pooling=false");
        await connection.OpenAsync();
        await connection.BeginTransactionAsync();
        return connection;
    }
}
