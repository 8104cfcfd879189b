using System.Collections.Concurrent;
using System.Net.Http.Headers;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Editors;
using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FanHub.Tests.Server.Storage;

public sealed class SeveralNodesTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Rows_that_two_nodes_publish_at_the_same_time_arrive_once_and_in_their_order()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync();
        await first.PutAsync("channels/c", Bodies.Channel);
        await first.PublishedAsync();
        var heard = new ConcurrentQueue<string>();
        await nodes.Log.SubscribeAsync("c", entry => heard.Enqueue(entry.Item.Key));

        // The log takes a fleeting item as often as it is appended: only the key keeps it from a second time.
        string[] keys = [.. Enumerable.Range(1, 150).Select(i => $"poll:n{i}")];
        foreach (var some in keys.Chunk(30))
        {
            await AddAsync(first, [.. some.Select(k => News(k) with { Class = DeliveryClass.Fleeting })]);
            first.Services.GetRequiredService<OutboxSignal>().Wake();
            second.Services.GetRequiredService<OutboxSignal>().Wake();
        }

        await first.PublishedAsync();
        heard.ShouldBe(keys);
    }

    [Fact]
    public async Task A_node_that_stops_for_a_while_in_the_middle_overtakes_nothing_and_repeats_nothing_when_it_goes_on()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = await nodes.StartAsync(new FaultyLog(nodes.Log)
        {
            HoldAppend = item =>
            {
                if (item.Key != "poll:n2")
                {
                    return Task.CompletedTask;
                }

                stopped.TrySetResult();
                return goOn.Task;
            },
        });
        await slow.PutAsync("channels/c", Bodies.Channel);
        await slow.PublishedAsync();
        var heard = new ConcurrentQueue<string>();
        await nodes.Log.SubscribeAsync("c", entry => heard.Enqueue(entry.Item.Key));
        await AddAsync(slow, News("poll:n1"), News("poll:n2") with { Class = DeliveryClass.Fleeting }, News("poll:n3"));
        slow.Services.GetRequiredService<OutboxSignal>().Wake();
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));

        // It has read all three, and stands still before the second. The other one does what is there, and more.
        var other = await nodes.StartAsync();
        await AddAsync(other, News("poll:n4"));
        await other.PublishedAsync();
        heard.ShouldBe(["poll:n1", "poll:n2", "poll:n3", "poll:n4"]);

        goOn.SetResult();
        await AddAsync(slow, News("poll:n5"));
        await slow.PublishedAsync();
        heard.ShouldBe(["poll:n1", "poll:n2", "poll:n3", "poll:n4", "poll:n5"]);
        slow.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_whose_commit_is_slow_is_not_overtaken_on_its_channel_and_holds_up_no_other_channel()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync();
        await first.PutAsync("channels/c", Bodies.Channel);
        await first.PutAsync("channels/d", Bodies.Channel);
        await first.PublishedAsync();

        // It has its row's number, and has not committed.
        await using var scope = first.Services.CreateAsyncScope();
        var slow = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        slow.HoldChanges();
        slow.Outbox.Add(OutboxRow.Publish("c", News("poll:slow"), DateTimeOffset.UtcNow));
        await slow.SaveChangesAsync();

        var fast = AddAsync(second, News("poll:fast"));
        await AddAsync(second, "d", News("poll:elsewhere"));
        await Eventually.TrueAsync(async () => await second.ItemAsync("poll:elsewhere", "d") is not null, "the other channel goes on");
        await Eventually.TrueAsync(() => SomebodyWaitsAsync(nodes), "the later change waits for its turn");
        fast.IsCompleted.ShouldBeFalse();
        await slow.CommitAsync(CancellationToken.None);
        await fast;

        await second.PublishedAsync();
        (await nodes.Log.ReadAsync("c"))!.Logged.Select(e => e.Item.Key).ShouldBe(["poll:slow", "poll:fast"]);
    }

    [Fact]
    public async Task The_same_request_under_one_key_at_two_nodes_takes_effect_once_and_both_get_the_same_answer()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync();
        await first.PutAsync("channels/c", Bodies.Channel);
        for (var round = 0; round < 10; round++)
        {
            (string, string) key = ("Idempotency-Key", $"k-{round}");
            var created = await Task.WhenAll(first.PostAsync("polls", Bodies.Poll(), key), second.PostAsync("polls", Bodies.Poll(), key));
            created.ShouldAllBe(r => r.Status == 201);
            created[0].Content.ShouldBe(created[1].Content);
            created.Count(r => r.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);

            (string, string) again = ("Idempotency-Key", $"open-{round}");
            var opened = await Task.WhenAll(first.PostAsync($"polls/{created[0].Id}/open", null, again), second.PostAsync($"polls/{created[0].Id}/open", null, again));
            opened.ShouldAllBe(r => r.Status == 200, opened[0].Content + opened[1].Content);
            opened[0].Content.ShouldBe(opened[1].Content);
        }

        (await first.GetAsync("polls")).Body.GetProperty("items").GetArrayLength().ShouldBe(10);
        await first.PublishedAsync();
        (await nodes.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(10);
    }

    [Fact]
    public async Task Of_changes_at_the_same_moment_at_two_nodes_one_wins()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync();
        var poll = await first.NewPollAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? first : second).PostAsync($"polls/{poll}/open")));
        replies.Count(r => r.Status == 200).ShouldBe(1);
        replies.Where(r => r.Status != 200).ShouldAllBe(r => r.Code == ErrorCodes.Conflict);
        await first.PublishedAsync();
        (await nodes.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Due_polls_are_opened_and_closed_once_though_two_clocks_look_after_them()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync();
        var opensAt = DateTimeOffset.UtcNow.AddSeconds(2);
        var polls = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            polls.Add(await first.NewPollAsync(new { opensAt, closesAt = opensAt.AddSeconds(2) }));
            (await first.PostAsync($"polls/{polls[i]}/open")).State.ShouldBeOneOf("scheduled", "open");
        }

        await Eventually.TrueAsync(async () => (await second.GetAsync("polls?state=closed")).Body.GetProperty("items").GetArrayLength() == polls.Count, "all are closed", TimeSpan.FromSeconds(30));
        await first.PublishedAsync();
        var logged = (await nodes.Log.ReadAsync("c"))!.Logged;
        foreach (var poll in polls)
        {
            logged.Where(e => e.Item.Key == $"poll:{poll}").Select(e => System.Text.Json.JsonElement.Parse(e.Item.Data.Span).GetProperty("state").GetString()).ShouldBe(["open", "closed"]);
        }

        first.Logs.Errors.ShouldBeEmpty();
        second.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_planned_at_short_notice_on_a_node_that_then_died_is_done_on_time_by_another_one()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var time = new FakeTimeProvider(new(2028, 7, 21, 20, 0, 0, TimeSpan.Zero));
        var first = await nodes.StartAsync(time: time);
        var second = await nodes.StartAsync(time: time);
        // Both have looked, and found nothing.
        await Task.Delay(500);
        var opensAt = time.GetUtcNow().AddMilliseconds(600);
        var poll = await first.NewPollAsync(new { opensAt });
        (await first.PostAsync($"polls/{poll}/open")).State.ShouldBe("scheduled");
        await first.DisposeAsync();

        time.Advance(TimeSpan.FromMilliseconds(300));
        await Task.Delay(500);
        time.Advance(TimeSpan.FromMilliseconds(302));
        await Eventually.TrueAsync(async () => (await second.GetAsync($"polls/{poll}")).State == "open", "it is open, though the clock stands still");
    }

    [Fact]
    public async Task Deleting_what_two_nodes_have_published_makes_neither_wait_for_long()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync();
        string[] channels = [.. Enumerable.Range(1, 12).Select(i => $"c{i}")];
        foreach (var channel in channels)
        {
            await first.PutAsync($"channels/{channel}", Bodies.Channel);
        }

        for (var round = 1; round <= 5; round++)
        {
            foreach (var channel in channels)
            {
                await AddAsync(round % 2 == 0 ? first : second, channel, [.. Enumerable.Range(1, 5).Select(i => News($"poll:n{round}-{i}"))]);
            }

            first.Services.GetRequiredService<OutboxSignal>().Wake();
            second.Services.GetRequiredService<OutboxSignal>().Wake();
        }

        await first.PublishedAsync();
        foreach (var channel in channels)
        {
            (await nodes.Log.ReadAsync(channel))!.Logged.Select(e => e.Item.Key).ShouldBe(Enumerable.Range(1, 5).SelectMany(r => Enumerable.Range(1, 5).Select(i => $"poll:n{r}-{i}")));
        }

        // No deadlock either: PostgreSQL would have ended one of the two.
        first.Logs.Lines.Concat(second.Logs.Lines).ShouldNotContain(l => l.Contains("The outbox waits", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_starts_or_rebuilds_while_others_publish_adds_nothing()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var first = await nodes.StartAsync();
        var poll = await first.NewPollAsync();
        await first.DoAsync(poll, "open", "close");
        var second = await nodes.StartAsync();
        await Task.WhenAll(
            first.DoAsync(poll, "reveal"),
            second.Services.GetRequiredService<LiveStateRebuilder>().RebuildAsync(CancellationToken.None),
            nodes.StartAsync());
        (await nodes.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(3);
    }

    [Fact]
    public async Task Without_a_configured_key_the_first_node_makes_one_that_all_accept_and_that_the_database_does_not_hold()
    {
        await using var nodes = await SeveralNodes.OnAsync(postgres);
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => nodes.StartAsync(settings: [])));
        var keys = hosts.Select(h => h.Services.GetRequiredService<BootstrapKey>()).ToList();
        var owner = keys.Single(k => k.Key is not null);
        owner.IsNew.ShouldBeTrue();
        File.Exists(owner.Path).ShouldBeTrue();
        foreach (var host in hosts)
        {
            (await host.GetAsync("channels")).Status.ShouldBe(401);
            host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", owner.Key);
            (await host.GetAsync("channels")).Status.ShouldBe(200);
            File.Exists(Path.Combine(host.Place.Directory, "admin.key")).ShouldBe(ReferenceEquals(host.Services.GetRequiredService<BootstrapKey>(), owner));
        }

        var row = await hosts[0].WithDbAsync(db => db.BootstrapKeys.SingleAsync());
        row.Hash.ShouldNotContain(owner.Key!);
        row.Hash.Length.ShouldBe(64);

        // Later, and elsewhere: the hash is enough.
        var place = hosts.Single(h => ReferenceEquals(h.Services.GetRequiredService<BootstrapKey>(), owner)).Place;
        await hosts.Single(h => h.Place == place).DisposeAsync();
        var again = await nodes.StartAsync(settings: [], place: place);
        again.Services.GetRequiredService<BootstrapKey>().Key.ShouldBe(owner.Key);
        again.Services.GetRequiredService<BootstrapKey>().IsNew.ShouldBeFalse();
    }

    private static Item News(string key) =>
        new() { Key = key, Kind = ItemKinds.Poll, Class = DeliveryClass.Logged, Version = 1, At = DateTimeOffset.UtcNow, Data = "{\"title\":{\"$t\":{\"en\":\"Hé\"}}}"u8.ToArray() };

    private static Task<int> AddAsync(EditorialHost host, params Item[] items) => AddAsync(host, "c", items);

    private static Task<int> AddAsync(EditorialHost host, string channel, params Item[] items) => host.WithDbAsync(db =>
    {
        db.Outbox.AddRange(items.Select(i => OutboxRow.Publish(channel, i, DateTimeOffset.UtcNow)));
        return db.SaveChangesAsync();
    });

    private static async Task<bool> SomebodyWaitsAsync(SeveralNodes nodes)
    {
        await using var connection = await nodes.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')", connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
