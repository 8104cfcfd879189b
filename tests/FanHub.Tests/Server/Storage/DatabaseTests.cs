using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Tests.Server.Storage;

public abstract class DatabaseTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task Migrating_twice_changes_nothing_and_keeps_what_is_there()
    {
        var place = await NewPlaceAsync();
        string poll;
        await using (var host = await StartAsync(place))
        {
            poll = await host.NewPollAsync();
        }

        await using var again = await StartAsync(place);
        (await again.GetAsync($"polls/{poll}")).Status.ShouldBe(200);
        (await again.WithDbAsync(async db => (await db.Database.GetPendingMigrationsAsync()).ToList())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_table_has_the_columns_of_its_entity_and_no_others()
    {
        await using var host = await StartAsync();
        await host.WithDbAsync(async db =>
        {
            foreach (var entity in db.Model.GetEntityTypes())
            {
                var table = entity.GetTableName()!;
                var columns = await ColumnsAsync(db, table);
                columns.ShouldBe(entity.GetProperties().Select(p => $"{p.GetColumnName()} {(p.IsNullable ? "optional" : "needed")}"), ignoreOrder: true, table);
            }

            return true;
        });
    }

    [Fact]
    public async Task While_the_database_cannot_be_written_editors_are_told_to_come_back_and_nothing_is_half_done()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await using (await HoldWritesAsync(host.Place))
        {
            var refused = await host.PostAsync($"polls/{poll}/open", null, ("Idempotency-Key", "k"));
            refused.Status.ShouldBe(503, refused.Content);
            refused.Code.ShouldBe(FanHub.Contracts.ErrorCodes.Unavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await host.GetAsync($"polls/{poll}")).State.ShouldBe("draft");
        }

        (await host.PostAsync($"polls/{poll}/open", null, ("Idempotency-Key", "k"))).State.ShouldBe("open");
        await host.PublishedAsync();
        (await host.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Ids_are_listed_by_their_characters_whatever_language_the_database_was_made_for()
    {
        await using var host = await StartAsync();
        string[] ids = ["a", "a-c", "a.b", "a_b", "aa", "b"];
        foreach (var id in ids.Reverse())
        {
            (await host.PutAsync($"channels/{id}", Bodies.Channel)).Status.ShouldBe(201);
        }

        (await host.GetAsync("channels")).Body.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_NUL_character_is_invalid_where_the_database_would_be_asked_about_it()
    {
        await using var host = await StartAsync();
        (await host.GetAsync("polls/a%00b")).Status.ShouldBe(400);
        (await host.GetAsync("polls?channel=a%00b")).Code.ShouldBe(FanHub.Contracts.ErrorCodes.Invalid);
        (await host.PostAsync("polls", Bodies.Poll(new { channel = "a\0b" }))).Code.ShouldBe(FanHub.Contracts.ErrorCodes.Invalid);
        host.Logs.Errors.ShouldBeEmpty();
    }

    private protected abstract Task<List<string>> ColumnsAsync(FanHubDb db, string table);

    /// <summary>Lets nobody write until it is disposed of.</summary>
    private protected abstract Task<IAsyncDisposable> HoldWritesAsync(Place place);
}
