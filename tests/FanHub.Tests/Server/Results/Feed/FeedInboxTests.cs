using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Feed;
using FanHub.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Results.Feed;

public abstract class FeedInboxTests(Func<Task<string?>> newDatabase) : FeedTests(newDatabase)
{
    [Fact]
    public async Task While_the_database_cannot_be_written_a_feed_is_told_to_send_again()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        await using (await HoldWritesAsync(host.Place))
        {
            var refused = await host.FeedAsync(FeedSender.Xml());
            refused.Status.ShouldBe(503, refused.Content);
            refused.Code.ShouldBe(ErrorCodes.Unavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        var id = await host.FedAsync();
        (await host.StoredAsync()).Single().Id.ShouldBe(id);
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_and_what_waited_is_stored()
    {
        await using var host = await StartAsync();
        var inbox = host.Services.GetRequiredService<FeedInbox>();
        List<Task<long>> taken = [];
        FanHubException? refused = null;
        await using (await HoldWritesAsync(host.Place))
        {
            while (refused is null && taken.Count < 2 * FeedInbox.MaxWaiting)
            {
                var store = inbox.StoreAsync(Message(version: taken.Count + 1), CancellationToken.None);
                if (store is { IsFaulted: true, Exception.InnerException: FanHubException full })
                {
                    refused = full;
                }
                else
                {
                    taken.Add(store);
                }
            }
        }

        refused.ShouldNotBeNull().Code.ShouldBe(ErrorCodes.Unavailable);
        refused.RetryAfter.ShouldNotBeNull();
        taken.Count.ShouldBeInRange(FeedInbox.MaxWaiting, FeedInbox.MaxWaiting + 200);
        var ids = await Task.WhenAll(taken).WaitAsync(TimeSpan.FromSeconds(20));
        (await host.StoredAsync()).Select(m => m.Id).ShouldBe(ids.Order());
        // Room again.
        await inbox.StoreAsync(Message(version: 1), CancellationToken.None);
    }

    [Fact]
    public async Task More_bytes_than_may_wait_are_refused()
    {
        await using var host = await StartAsync();
        var inbox = host.Services.GetRequiredService<FeedInbox>();
        var large = new byte[48 * 1024 * 1024];
        await using (await HoldWritesAsync(host.Place))
        {
            Task<long>[] taken = [.. Enumerable.Range(1, 2).Select(i => inbox.StoreAsync(Message(i, large), CancellationToken.None))];
            (await Should.ThrowAsync<FanHubException>(inbox.StoreAsync(Message(3, large), CancellationToken.None))).Code.ShouldBe(ErrorCodes.Unavailable);
            // Whatever becomes of them: an answer, and room again.
            await Task.WhenAny(Task.WhenAll(taken)).WaitAsync(TimeSpan.FromSeconds(30));
        }

        await inbox.StoreAsync(Message(4, new byte[64 * 1024]), CancellationToken.None);
    }

    [Fact]
    public async Task Messages_that_wait_together_are_stored_in_one_transaction()
    {
        var counter = new TransactionCounter();
        await using var host = await StartAsync(services: services => services.ConfigureDbContext<FanHub.Server.Storage.FanHubDb>(options => options.AddInterceptors(counter)));
        var inbox = host.Services.GetRequiredService<FeedInbox>();
        var before = counter.Commits;
        await Task.WhenAll(Enumerable.Range(1, 300).Select(i => inbox.StoreAsync(Message(i), CancellationToken.None)));
        (counter.Commits - before).ShouldBeLessThan(30);
        (await host.StoredAsync()).Count.ShouldBe(300);
    }

    [Fact]
    public async Task One_that_cannot_be_stored_does_not_take_the_others_with_it()
    {
        await using var host = await StartAsync();
        var inbox = host.Services.GetRequiredService<FeedInbox>();
        var taken = await inbox.StoreAsync(Message(1), CancellationToken.None);
        Task<long>[] stores = [.. Enumerable.Range(2, 20).Select(i => inbox.StoreAsync(Message(i, id: i == 9 ? taken : 0), CancellationToken.None))];
        await Task.WhenAny(Task.WhenAll(stores)).WaitAsync(TimeSpan.FromSeconds(30));
        stores.Count(s => s.IsFaulted).ShouldBe(1);
        (await host.StoredAsync()).Select(m => m.Version).ShouldBe(Enumerable.Range(1, 21).Where(v => v != 9).Select(v => (long)v), ignoreOrder: true);
    }

    [Fact]
    public async Task Whoever_looks_after_work_is_woken_when_it_is_there()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var signal = host.Services.GetRequiredService<FeedSignal>();
        var id = await host.FedAsync();
        await signal.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        await host.SettleAsync(id, FeedMessageState.Dead, FeedOutcome.Unreadable, DateTimeOffset.UtcNow);
        (await host.PostAsync($"feeds/messages/{id}/replay")).Status.ShouldBe(200);
        await signal.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_is_old_and_holds_nothing_is_swept_and_nothing_else()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings(("FanHub:Odf:KeepFor", "2.00:00:00")));
        var now = DateTimeOffset.UtcNow;
        var threeDaysAgo = now.AddDays(-3);
        List<long> old = [];
        for (var i = 0; i < 6; i++)
        {
            old.Add(await host.FedAsync(("Version", $"{i + 1}")));
            await host.SettleAsync(old[i], FeedMessageState.Done, FeedOutcome.Applied, threeDaysAgo);
        }

        var (held, replayed, dead, waiting) = (old[0], old[1], old[2], old[3]);
        await host.SettleAsync(replayed, FeedMessageState.Done, FeedOutcome.Older, now);
        await host.SettleAsync(dead, FeedMessageState.Dead, FeedOutcome.Unreadable, threeDaysAgo);
        await host.WithDbAsync(async db =>
        {
            await db.Set<FeedMessage>().ExecuteUpdateAsync(m => m.SetProperty(x => x.ReceivedAt, threeDaysAgo));
            await db.Set<FeedMessage>().Where(m => m.Id == waiting).ExecuteUpdateAsync(m => m.SetProperty(x => x.State, FeedMessageState.Waiting));
            db.Add(new HeldDocument { Key = "k", Version = 1, Source = "s", Message = held });
            db.Add(new HeldDocument { Key = "only its invalidation came", Version = 1, Source = "s" });
            return await db.SaveChangesAsync();
        });
        var young = await host.FedAsync(("Version", "9"));
        await host.SettleAsync(young, FeedMessageState.Done, FeedOutcome.Applied, now);

        (await host.Services.GetRequiredService<FeedSweeper>().SweepAsync(CancellationToken.None)).ShouldBe(2);
        (await host.StoredAsync()).Select(m => m.Id).ShouldBe([held, replayed, dead, waiting, young]);
    }

    [Fact]
    public async Task Sweeping_goes_on_behind_many_that_are_held()
    {
        await using var host = await StartAsync();
        var inbox = host.Services.GetRequiredService<FeedInbox>();
        var ids = await Task.WhenAll(Enumerable.Range(1, 650).Select(i => inbox.StoreAsync(Message(i), CancellationToken.None)));
        await host.WithDbAsync(async db =>
        {
            var longAgo = DateTimeOffset.UtcNow.AddDays(-91);
            await db.Set<FeedMessage>().ExecuteUpdateAsync(m => m.SetProperty(x => x.State, FeedMessageState.Done).SetProperty(x => x.ReceivedAt, longAgo).SetProperty(x => x.ProcessedAt, longAgo));
            db.AddRange(ids.Order().Take(450).Select(i => new HeldDocument { Key = $"{i}", Version = 1, Source = "s", Message = i }));
            return await db.SaveChangesAsync();
        });
        (await host.Services.GetRequiredService<FeedSweeper>().SweepAsync(CancellationToken.None)).ShouldBe(200);
        (await host.StoredAsync()).Select(m => m.Id).ShouldBe(ids.Order().Take(450));
    }

    [Fact]
    public async Task Sweeping_happens_by_itself()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(settings: FeedSender.Settings(), time: time);
        await host.SettleAsync(await host.FedAsync(), FeedMessageState.Done, FeedOutcome.Older, time.GetUtcNow());
        time.Advance(TimeSpan.FromDays(91));
        await Eventually.TrueAsync(async () => (await host.StoredAsync()).Count == 0, "the message is swept");
    }

    /// <summary>Lets nobody write messages until it is disposed of.</summary>
    private protected abstract Task<IAsyncDisposable> HoldWritesAsync(Place place);

    private static FeedMessage Message(int version, byte[]? content = null, long id = 0) => new()
    {
        Id = id,
        Feed = FeedNames.Odf,
        ReceivedAt = DateTimeOffset.UtcNow.WholeMs(),
        Content = content ?? [1],
        Size = 1,
        DocumentKey = "k",
        DocumentType = "DT_RESULT",
        DocumentCode = "c",
        Version = version,
        Source = "s",
    };

    private sealed class TransactionCounter : Microsoft.EntityFrameworkCore.Diagnostics.DbTransactionInterceptor
    {
        private int _commits;

        public int Commits => Volatile.Read(ref _commits);

        public override Task TransactionCommittedAsync(
            System.Data.Common.DbTransaction transaction, Microsoft.EntityFrameworkCore.Diagnostics.TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _commits);
            return Task.CompletedTask;
        }
    }
}
