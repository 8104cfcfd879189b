using System.Diagnostics;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Feed;
using FanHub.Testing;
using FanHub.Tests.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static FanHub.Tests.Server.Results.FeedHosts;

namespace FanHub.Tests.Server.Results.Feed;

/// <summary>One node derives results at a time.</summary>
public sealed class FeedLeaseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task One_of_two_nodes_derives_both_take_messages_and_when_it_stops_the_other_takes_over_at_once()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync(settings: Settings);
        await first.DealAsync(ResultOf(1));
        var second = await nodes.StartAsync(settings: Settings);
        var clock = Stopwatch.StartNew();
        (await second.DealAsync(ResultOf(2, "UNOFFICIAL"))).Outcome.ShouldBe(FeedOutcome.Applied);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        (Derives(first), Derives(second)).ShouldBe((1, 0));
        (await TermAsync(second)).ShouldBe(1);

        await first.DisposeAsync();
        clock.Restart();
        (await second.DealAsync(ResultOf(3, "OFFICIAL"))).Outcome.ShouldBe(FeedOutcome.Applied);
        // Half of it is for a busy machine.
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        Derives(second).ShouldBe(1);
        await second.LevelAsync();
        (await nodes.Log.ToldAsync(UnitChannel, "status")).ShouldBe(["live", "unofficial", "official"]);
    }

    [Fact]
    public async Task A_node_that_sleeps_through_its_lease_is_replaced_changes_nothing_afterwards_and_waits_again()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var start = DateTimeOffset.UtcNow;
        var sleepers = new FakeTimeProvider(start);
        var first = await nodes.StartAsync(settings: Settings, time: sleepers);
        await first.DealAsync(ResultOf(1));
        await first.LevelAsync();

        // The clock of the first one stands still: it renews nothing any more. The second one's says that the lease is over.
        var awake = new FakeTimeProvider(start + FeedLeases.Length + TimeSpan.FromSeconds(1));
        var second = await nodes.StartAsync(settings: Settings, time: awake);
        await Eventually.TrueAsync(() => Derives(second) == 1, "the second one takes over");
        (await TermAsync(second)).ShouldBe(2);

        // It wakes up, and has a message in its hands before the second one looks.
        var message = await first.SendFeedAsync(ResultOf(2, "OFFICIAL"));
        await Eventually.TrueAsync(() => first.Logs.Lines.Any(l => l.Contains("Another node derives results now", StringComparison.Ordinal)), "the first one knows");
        (await first.MessageAsync(message)).State.ShouldBe(FeedMessageState.Waiting);
        awake.Advance(TimeSpan.FromMilliseconds(100));
        (await second.DealtAsync(message)).Outcome.ShouldBe(FeedOutcome.Applied);
        await second.LevelAsync();
        (await nodes.Log.ToldAsync(UnitChannel, "status")).ShouldBe(["live", "official"]);
        (await first.WithDbAsync(db => db.BoardItems.Where(i => i.Key == Result).Select(i => i.Version).SingleAsync())).ShouldBe(2);

        // And it takes over again when its turn comes.
        await second.DisposeAsync();
        await Eventually.TrueAsync(
            () =>
            {
                sleepers.Advance(TimeSpan.FromSeconds(1));
                return Derives(first) == 2;
            },
            "the first one takes over again");
        (await first.DealAsync(ResultOf(3, "OFFICIAL", "50.00"))).Outcome.ShouldBe(FeedOutcome.Applied);
    }

    [Fact]
    public async Task What_is_saved_under_an_old_term_is_refused_as_a_whole()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var host = await nodes.StartAsync(settings: Settings);
        var waiting = await host.DealAsync(ResultOf(1));
        var term = await TermAsync(host);
        var leases = host.Services.GetRequiredService<FeedLeases>();
        var store = new FeedStore(host.Services.GetRequiredService<IServiceScopeFactory>(), leases, host.Services.GetRequiredService<FeedWriteTurn>(), term - 1, "en", TimeProvider.System);
        var board = new ResultBoard();
        var step = new FeedStep();
        step.Documents["x"] = new HeldDocument { Key = "x", Version = 1, Source = "s" };
        waiting.Reason = "Changed.";
        step.Messages.Add(waiting);

        await Should.ThrowAsync<FeedLeaseLostException>(() => store.SaveAsync(step, [], board, _ => new Dictionary<string, string>(StringComparer.Ordinal), CancellationToken.None));
        await Should.ThrowAsync<FeedLeaseLostException>(() => store.RenewAsync(CancellationToken.None));
        (await host.WithDbAsync(db => db.HeldDocuments.AnyAsync(d => d.Key == "x"))).ShouldBeFalse();
        (await host.MessageAsync(waiting.Id)).Reason.ShouldBeNull();
        (await leases.TryTakeAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_node_that_finds_its_transaction_held_up_goes_on_when_it_can()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync(settings: Settings);
        await first.DealAsync(ResultOf(1));
        long message;
        await using (var other = await nodes.ConnectAsync())
        {
            await using var hold = new Npgsql.NpgsqlCommand("BEGIN; SELECT 1 FROM feed_leases FOR UPDATE", other);
            await hold.ExecuteNonQueryAsync();
            message = await first.SendFeedAsync(ResultOf(2, "OFFICIAL"));
            await Eventually.TrueAsync(() => first.Logs.Lines.Any(l => l.Contains("cannot be derived", StringComparison.Ordinal)), "it gives up for now");
            (await first.MessageAsync(message)).State.ShouldBe(FeedMessageState.Waiting);
        }

        (await first.DealtAsync(message)).Outcome.ShouldBe(FeedOutcome.Applied);
        await first.LevelAsync();
        (await nodes.Log.ToldAsync(UnitChannel, "status")).ShouldBe(["live", "official"]);
    }

    private static int Derives(EditorialHost host) => host.Logs.Lines.Count(l => l.Contains("This node derives results now", StringComparison.Ordinal));

    private static Task<long> TermAsync(EditorialHost host) => host.WithDbAsync(db => db.FeedLeases.Select(l => l.Term).SingleAsync());
}
