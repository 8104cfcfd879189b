using FanHub.Server.Results.Feed;
using FanHub.Server.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FanHub.Tests.Server.Results.Feed;

/// <summary>What the worker takes at once is bounded by number and by size: all of it is held uncompressed.</summary>
public abstract class NextMessagesTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Theory]
    [InlineData(3, 1_000_000, 3)]
    [InlineData(100, 500, 2)]
    [InlineData(100, 1, 1)]
    [InlineData(100, 1_000_000, 5)]
    public async Task No_more_messages_are_taken_than_may_be_and_never_none(int atMost, long bytes, int expected)
    {
        await using var host = await StartAsync(services: s => s.Remove(s.Single(d => d.ServiceType == typeof(IHostedService) && d.ImplementationType == typeof(FeedWorker))));
        var scopes = host.Services.GetRequiredService<IServiceScopeFactory>();
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
            db.FeedMessages.AddRange(Enumerable.Range(1, 5).Select(Message));
            await db.SaveChangesAsync();
        }

        var store = new FeedStore(scopes, host.Services.GetRequiredService<FeedLeases>(), host.Services.GetRequiredService<FeedWriteTurn>(), term: 1, "en", TimeProvider.System);
        var taken = await store.NextAsync(atMost, bytes, [], CancellationToken.None);

        taken.Select(m => m.Version).ShouldBe(Enumerable.Range(1, expected).Select(v => (long)v));
    }

    private static FeedMessage Message(int version) => new()
    {
        Feed = FeedNames.Odf,
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Content = [1],
        Size = 200,
        DocumentKey = "k",
        DocumentType = "DT_RESULT",
        DocumentCode = "c",
        Version = version,
        Source = "s",
    };
}

public sealed class NextMessagesOnSqlite() : NextMessagesTests(Sqlite);

public sealed class NextMessagesOnPostgres(PostgresFixture postgres) : NextMessagesTests(postgres.NewDatabaseAsync);
