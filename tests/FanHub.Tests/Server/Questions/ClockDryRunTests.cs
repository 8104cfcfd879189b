using System.Collections.Concurrent;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Questions;

/// <summary>What the clock does once before the node is ready goes through all that it will ever do, and leaves nothing behind.</summary>
public abstract class ClockDryRunTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private const string Done = "The clock has had a dry run";
    private const string Failed = "The clock's dry run failed";

    [Fact]
    public async Task A_node_that_has_started_has_taken_every_step_and_nothing_stays_of_it()
    {
        var appended = new ConcurrentQueue<Item>();
        var log = new FaultyLog(EditorialHost.NewLog())
        {
            BeforeAppend = item =>
            {
                appended.Enqueue(item);
                return null;
            },
        };
        SpyBox? box = null;
        await using var host = await StartAsync(log: log, box: real => box = new SpyBox(real));
        host.Logs.Lines.Where(l => l.Contains(Failed, StringComparison.Ordinal)).ShouldBeEmpty();
        host.Logs.Lines.ShouldContain(l => l.Contains(Done, StringComparison.Ordinal));

        appended.Select(i => i.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ShouldBe([ItemKinds.Announcement, ItemKinds.Poll, ItemKinds.Prediction, ItemKinds.Quiz, ItemKinds.Tally]);
        States(ItemKinds.Poll).ShouldBe(["open", "closed"]);
        States(ItemKinds.Prediction).ShouldBe(["open", "closed"]);
        States(ItemKinds.Quiz).ShouldBe(["running", "running", "running", "running", "finished"]);
        appended.ShouldAllBe(i => i.Class == DeliveryClass.Fleeting);
        box!.Read.ShouldBeGreaterThan(0);
        box.Written.ShouldBe(0);
        foreach (var (table, rows) in await RowsAsync(host))
        {
            rows.ShouldBe(0, table);
        }

        IEnumerable<string?> States(string kind) =>
            appended.Where(i => i.Kind == kind).Select(i => System.Text.Json.JsonElement.Parse(i.Data.Span).GetProperty("state").GetString());
    }

    [Fact]
    public async Task It_touches_nothing_that_is_there()
    {
        var place = await NewPlaceAsync();
        var log = EditorialHost.NewLog();
        string before;
        ChannelHead head;
        await using (var host = await StartAsync(place, log))
        {
            await host.DoAsync(await host.NewPollAsync(new { opensAt = DateTimeOffset.UtcNow.AddHours(1) }), "open");
            await host.DoAsync(await host.NewPollAsync(new { closesAt = DateTimeOffset.UtcNow.AddHours(1) }), "open");
            before = (await host.GetAsync("polls")).Content;
            head = (await log.ReadAsync("c"))!.Head;
        }

        await using var again = await StartAsync(place, log);
        again.Logs.Lines.ShouldContain(l => l.Contains(Done, StringComparison.Ordinal));
        (await again.GetAsync("polls")).Content.ShouldBe(before);
        (await log.ReadAsync("c"))!.Head.Offset.ShouldBe(head.Offset);
        (await again.WithDbAsync(db => db.Outbox.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_fails_is_logged_and_keeps_no_node_from_starting()
    {
        await using var host = await StartAsync(services: s => s.AddSingleton<IDueWork, Broken>());
        host.Logs.Lines.ShouldContain(l => l.Contains(Failed, StringComparison.Ordinal));
        host.Logs.Errors.ShouldBeEmpty();
        (await RowsAsync(host)).ShouldAllBe(r => r.Rows == 0);
        var poll = await host.NewPollAsync(new { opensAt = DateTimeOffset.UtcNow.AddSeconds(4) });
        await host.PostAsync($"polls/{poll}/open");
        await Eventually.TrueAsync(async () => (await host.GetAsync($"polls/{poll}")).State == "open", "it opens by itself");
    }

    [Fact]
    public async Task Where_the_live_side_is_away_at_start_it_is_made_up_for()
    {
        var log = new FaultyLog(EditorialHost.NewLog()) { Away = true };
        await using var host = await StartAsync(services: _ => { }, log: log, place: await PlaceWithAChannelAsync());
        host.Logs.Lines.ShouldNotContain(l => l.Contains(Done, StringComparison.Ordinal));
        log.Away = false;
        await Eventually.TrueAsync(() => host.Logs.Lines.Any(l => l.Contains(Done, StringComparison.Ordinal)), "it had its dry run");
    }

    private async Task<Place> PlaceWithAChannelAsync()
    {
        var place = await NewPlaceAsync();
        await using var host = await StartAsync(place);
        await host.PutAsync("channels/c", Bodies.Channel);
        return place;
    }

    private static Task<List<(string Table, long Rows)>> RowsAsync(EditorialHost host) => host.WithDbAsync(async db =>
    {
        var counts = new List<(string, long)>();
        // Who leads at reading feeds is none of the dry run's.
        foreach (var table in db.Model.GetEntityTypes().Select(t => t.GetTableName()!).Where(t => t is not "feed_leases").Distinct(StringComparer.Ordinal))
        {
#pragma warning disable EF1002 // Names of tables, from the model.
            counts.Add((table, await db.Database.SqlQueryRaw<long>($"SELECT COUNT(*) AS \"Value\" FROM \"{table}\"").SingleAsync()));
#pragma warning restore EF1002
        }

        return counts;
    });

    private sealed class Broken : IDueWork
    {
        public Task<IReadOnlyList<Due>> FindAsync(FanHubDb db, CancellationToken cancellationToken) => throw new InvalidOperationException("Broken.");
    }

    private sealed class SpyBox(IBallotBox inner) : IBallotBox, IDisposable
    {
        private int _read;
        private int _written;

        public int Read => _read;

        public int Written => _written;

        public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) => Writing().RegisterAsync(interaction, channel, cancellationToken);

        public Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default) => inner.FindAsync(interaction, cancellationToken);

        public Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default) =>
            Writing().CastAsync(interaction, rules, batch, cancellationToken);

        public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) => Writing().AddRefusedAsync(interaction, late, refused, cancellationToken);

        public Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default) => inner.TallyAsync(interaction, options, cancellationToken);

        public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default) => Writing().ClaimTallyAsync(interaction, period, cancellationToken);

        public Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default) => Writing().SealAsync(interaction, channel, options, cancellationToken);

        public Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default) => inner.FindBallotAsync(interaction, options, fan, cancellationToken);

        public IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _read);
            return inner.ReadAllAsync(interaction, options, cancellationToken);
        }

        public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => Writing().ReserveFansAsync(count, cancellationToken);

        public void Dispose() => (inner as IDisposable)?.Dispose();

        private IBallotBox Writing()
        {
            Interlocked.Increment(ref _written);
            return inner;
        }
    }
}

public sealed class ClockDryRunOnSqlite() : ClockDryRunTests(Sqlite);

public sealed class ClockDryRunOnPostgres(PostgresFixture postgres) : ClockDryRunTests(postgres.NewDatabaseAsync)
{
    private readonly PostgresFixture _postgres = postgres;

    [Fact]
    public async Task Nodes_that_start_together_wait_for_nobody_and_leave_nothing_in_Redis()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var database = await _postgres.NewDatabaseAsync();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), database), live: new RedisSide(redis))));
        foreach (var host in hosts)
        {
            host.Logs.Lines.ShouldContain(l => l.Contains("The clock has had a dry run", StringComparison.Ordinal));
        }

        ((string[])(await redis.Database.ExecuteAsync("KEYS", "*"))!).ShouldBeEmpty();
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }
}
