using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Storage;

public abstract class OutboxTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Theory]
    [InlineData("before the append")]
    [InlineData("after the append")]
    public async Task A_process_that_ends_around_an_append_publishes_exactly_once_in_the_end(string where)
    {
        var place = await NewPlaceAsync();
        var shared = EditorialHost.NewLog();
        var faulty = new FaultyLog(shared);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var crashed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Exception? Crash(Item item)
        {
            crashed.TrySetResult();
            return new LogUnavailableException("The process ended here.");
        }

        await using (var host = await StartAsync(place, faulty))
        {
            await host.PutAsync("channels/c", Bodies.Channel);
            await shared.SubscribeAsync("c", entry => heard.Enqueue(entry.Item.Key));
            if (string.Equals(where, "before the append", StringComparison.Ordinal))
            {
                faulty.BeforeAppend = Crash;
            }
            else
            {
                faulty.AfterAppend = Crash;
            }

            // The log takes a fleeting item as often as it is appended: only the key keeps it from a second time.
            await AddAsync(host, News("n", 1) with { Class = DeliveryClass.Fleeting }, News("m", 1));
            host.Services.GetRequiredService<OutboxSignal>().Wake();
            await crashed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }

        await using var again = await StartAsync(place, shared);
        await EmptyAsync(again);
        heard.ShouldBe(["poll:n", "poll:m"]);
    }

    [Fact]
    public async Task While_the_log_is_away_rows_wait_and_then_go_out_in_their_order()
    {
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log);
        await host.PutAsync("channels/c", Bodies.Channel);
        log.Away = true;
        await AddAsync(host, [.. Enumerable.Range(1, 250).Select(i => News($"n{i}", 1))]);
        host.Services.GetRequiredService<OutboxSignal>().Wake();
        log.Away = false;
        await EmptyAsync(host);

        (await log.ReadAsync("c"))!.Logged.Select(e => e.Item.Key).ShouldBe(Enumerable.Range(1, 250).Select(i => $"poll:n{i}"));
    }

    [Fact]
    public async Task A_row_that_cannot_be_published_is_parked_with_its_error_and_those_behind_it_go_on()
    {
        var log = new FaultyLog(EditorialHost.NewLog()) { BeforeAppend = item => item.Key == "poll:bad" ? new FormatException("Too strange.") : null };
        await using var host = await StartAsync(log: log);
        await host.PutAsync("channels/c", Bodies.Channel);
        await AddAsync(host, News("bad", 1), News("good", 1));
        host.Services.GetRequiredService<OutboxSignal>().Wake();
        await Eventually.TrueAsync(async () => await host.WithDbAsync(db => db.Outbox.CountAsync()) == 1, "the next one is published");
        (await host.ItemAsync("poll:good")).ShouldNotBeNull();

        var parked = await host.WithDbAsync(db => db.Outbox.SingleAsync());
        parked.ParkedAt.ShouldNotBeNull();
        parked.Attempts.ShouldBe(OutboxPublisher.MaxAttempts);
        parked.Error.ShouldBe("Too strange.");
        host.Logs.Errors.ShouldContain(e => e.Contains("parked", StringComparison.Ordinal));
    }

    [Fact]
    public void An_item_comes_out_of_the_outbox_as_it_went_in()
    {
        var item = News("n", 7) with { Gate = "g", DefaultLocale = "en", At = DateTimeOffset.UtcNow.WholeMs() };
        var read = OutboxRow.Publish("c", item, item.At).ReadItem();
        (read with { Data = default }).ShouldBe(item with { Data = default });
        read.Data.ToArray().ShouldBe(item.Data.ToArray());
        OutboxRow.Publish("c", item with { Data = default }, item.At).ReadItem().Removes.ShouldBeTrue();
    }

    [Fact]
    public async Task A_row_id_is_never_given_out_again()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var before = await AddAsync("n");
        host.Services.GetRequiredService<OutboxSignal>().Wake();
        await EmptyAsync(host);
        (await AddAsync("m")).ShouldBe(before + 1);

        Task<long> AddAsync(string key) => host.WithDbAsync(async db =>
        {
            var row = db.Outbox.Add(OutboxRow.Publish("c", News(key, 1), DateTimeOffset.UtcNow)).Entity;
            await db.SaveChangesAsync();
            return row.Id;
        });
    }

    private static Item News(string id, long version) =>
        new() { Key = $"poll:{id}", Kind = ItemKinds.Poll, Class = DeliveryClass.Logged, Version = version, At = DateTimeOffset.UtcNow, Data = "{\"title\":{\"$t\":{\"en\":\"Hé\"}}}"u8.ToArray() };

    private static Task<int> AddAsync(EditorialHost host, params Item[] items) => host.WithDbAsync(db =>
    {
        db.Outbox.AddRange(items.Select(i => OutboxRow.Publish("c", i, DateTimeOffset.UtcNow)));
        return db.SaveChangesAsync();
    });

    private static Task EmptyAsync(EditorialHost host) =>
        Eventually.TrueAsync(async () => !await host.WithDbAsync(db => db.Outbox.AnyAsync()), "the outbox is empty");
}

public sealed class OutboxOnSqlite() : OutboxTests(Sqlite);

public sealed class OutboxOnPostgres(PostgresFixture postgres) : OutboxTests(postgres.NewDatabaseAsync);
