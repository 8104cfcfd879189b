using System.Collections.Concurrent;
using FanHub.Server.Results;
using FanHub.Server.Results.Feed;
using FanHub.Testing;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static FanHub.Tests.Server.Results.FeedHosts;

namespace FanHub.Tests.Server.Results.Feed;

/// <summary>What becomes of messages once they are stored.</summary>
public abstract class FeedWorkerTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task Messages_are_dealt_with_in_order_and_what_came_of_each_is_noted()
    {
        await using var host = await StartAsync(settings: Settings);
        var first = await host.DealAsync(ResultOf(2));
        (first.State, first.Outcome, first.Reason, first.Flagged, first.ProcessedAt is not null).ShouldBe((FeedMessageState.Done, FeedOutcome.Applied, null, false, true));
        (await host.DealAsync(ResultOf(2))).Outcome.ShouldBe(FeedOutcome.Duplicate);
        (await host.DealAsync(ResultOf(1))).Outcome.ShouldBe(FeedOutcome.Older);

        var other = await host.DealAsync(ResultOf(2, time: "51.00"));
        (other.Outcome, other.Flagged).ShouldBe((FeedOutcome.Duplicate, true));
        other.Reason!.ShouldContain($"Message {first.Id}");
        (await host.DealAsync(ResultOf(3, "UNOFFICIAL", source: "POOL2"))).Flagged.ShouldBeTrue();
        (await host.DealAsync(Message("DT_WEATHER", 1, ""))).Outcome.ShouldBe(FeedOutcome.Ignored);
        (await host.DealAsync(Message("DT_RESULT", 3, body: null, source: "POOL2"))).Outcome.ShouldBe(FeedOutcome.Invalidated);
        const string Line = "<Result Rank=\"1\" SortOrder=\"1\"><Competitor Code=\"1\" Type=\"A\" Organisation=\"AAA\"/></Result>";
        var messy = await host.DealAsync(Message("DT_RESULT", 4, Line + Line.Replace("Code=\"1\"", "Code=\"2\"", StringComparison.Ordinal), "LIVE"));
        (messy.Outcome, messy.Defects is null).ShouldBe((FeedOutcome.Applied, false));

        await host.LevelAsync();
        (await host.Log.ToldAsync(UnitChannel, "version")).ShouldBe(["2", "3", "gone", "4"]);
    }

    [Fact]
    public async Task The_same_version_of_a_part_that_adds_up_with_another_content_is_flagged_too()
    {
        await using var host = await StartAsync(settings: Settings);
        static byte[] Update(string status) => Message("DT_SCHEDULE_UPDATE", 1, $"<Unit Code=\"{Code}\" ScheduleStatus=\"{status}\" StartDate=\"2030-08-01T20:30:00+02:00\"/>", code: "SWM-------------------------------");
        await host.DealAsync(Update("SCHEDULED"));
        (await host.DealAsync(Update("SCHEDULED"))).Flagged.ShouldBeFalse();
        var other = await host.DealAsync(Update("RUNNING"));
        (other.Outcome, other.Flagged).ShouldBe((FeedOutcome.Duplicate, true));
    }

    [Fact]
    public async Task What_cannot_be_read_is_dead_with_a_reason_others_go_on_and_it_can_be_replayed()
    {
        await using var host = await StartAsync(settings: Settings);
        var broken = await host.StoreAsync("<OdfBody nothing");
        var good = await host.DealAsync(ResultOf(1));
        good.Outcome.ShouldBe(FeedOutcome.Applied);
        var dead = await host.MessageAsync(broken);
        (dead.State, dead.Outcome, string.IsNullOrEmpty(dead.Reason)).ShouldBe((FeedMessageState.Dead, FeedOutcome.Unreadable, false));

        // Mended meanwhile, as by a program that reads it.
        var content = ResultOf(2, "OFFICIAL");
        await host.WithDbAsync(db => db.FeedMessages.Where(m => m.Id == broken).ExecuteUpdateAsync(m => m.SetProperty(x => x.Content, PackedContent.Pack(content)).SetProperty(x => x.Size, content.Length).SetProperty(x => x.Version, 2)));
        (await host.PostAsync($"feeds/messages/{broken}/replay")).Status.ShouldBe(200);
        (await host.DealtAsync(broken)).Outcome.ShouldBe(FeedOutcome.Applied);
        await host.LevelAsync();
        (await host.Log.ToldAsync(UnitChannel, "status")).ShouldBe(["live", "official"]);

        // The one that is held stays what it is when it is replayed.
        (await host.PostAsync($"feeds/messages/{good.Id}/replay")).Status.ShouldBe(200);
        (await host.DealtAsync(good.Id)).Outcome.ShouldBe(FeedOutcome.Older);
        (await host.PostAsync($"feeds/messages/{broken}/replay")).Status.ShouldBe(200);
        (await host.DealtAsync(broken)).Outcome.ShouldBe(FeedOutcome.Applied);
    }

    [Fact]
    public async Task A_message_that_breaks_the_desk_is_dead_and_leaves_nothing_of_itself_behind()
    {
        var place = await NewPlaceAsync();
        await using (var host = await StartAsync(place, settings: Settings))
        {
            var before = await host.SendFeedAsync(ResultOf(1));
            var broken = await host.StoreAsync(Editors("""{"competitor":null}"""), FeedNames.Editors);
            var after = await host.DealAsync(ResultOf(2, "OFFICIAL"));
            (await host.DealtAsync(before)).Outcome.ShouldBe(FeedOutcome.Applied);
            var dead = await host.DealtAsync(broken);
            dead.State.ShouldBe(FeedMessageState.Dead, dead.Reason);
            after.Outcome.ShouldBe(FeedOutcome.Applied);
            await host.LevelAsync();
            (await host.WithDbAsync(db => db.HeldDocuments.AsNoTracking().Select(d => d.Message).ToListAsync())).ShouldBe([after.Id]);
            (await host.Log.HeldAsync("sport.swm", "result:BROKEN")).ShouldBeNull();
            var mended = await host.PutAsync("results/BROKEN", new { sport = "SWM", title = new { en = "T" }, status = "live" });
            mended.Body.GetProperty("result").GetProperty("version").GetInt64().ShouldBe(1, "no version was lost to the one that broke");
            (await host.SendAsync(HttpMethod.Delete, "results/BROKEN")).Status.ShouldBe(204);
        }

        await using var again = await StartAsync(place, settings: Settings);
        (await again.DealAsync(ResultOf(3, "OFFICIAL"))).Outcome.ShouldBe(FeedOutcome.Applied);
    }

    [Fact]
    public async Task An_item_that_cannot_be_composed_stays_as_it_was_and_stops_no_other_not_even_after_a_restart()
    {
        var place = await NewPlaceAsync();
        await using (var host = await StartAsync(place, settings: Settings))
        {
            var broken = await host.StoreAsync(Editors("""{"competitor":{"id":"1","name":"Ana","organisation":"AAA"}}""", title: "null"), FeedNames.Editors);
            var dealt = await host.DealtAsync(broken);
            (dealt.State, dealt.Flagged).ShouldBe((FeedMessageState.Done, true), dealt.Reason);
            dealt.Reason!.ShouldContain("result:BROKEN");
            (await host.DealAsync(ResultOf(1))).Outcome.ShouldBe(FeedOutcome.Applied);
            await host.LevelAsync();
        }

        await using var again = await StartAsync(place, settings: Settings);
        (await again.DealAsync(ResultOf(2, "OFFICIAL"))).Outcome.ShouldBe(FeedOutcome.Applied);
        await again.LevelAsync();
        (await again.Log.HeldAsync(UnitChannel, Result))!.Value.GetProperty("version").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task A_fast_unit_goes_out_four_times_a_second_its_last_version_always_and_every_status_at_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time: time, settings: Settings);
        for (var version = 1; version <= 20; version++)
        {
            await host.DealAsync(ResultOf(version, time: $"52.{version:00}"));
            time.Advance(TimeSpan.FromMilliseconds(50));
        }

        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
                return (await host.Log.ToldAsync(UnitChannel, "version")).LastOrDefault() == "20";
            },
            "the last one is out");
        (await host.Log.ToldAsync(UnitChannel, "version")).Count.ShouldBeInRange(3, 6);

        string[] statuses = ["UNCONFIRMED", "UNOFFICIAL", "OFFICIAL"];
        foreach (var status in statuses)
        {
            await host.DealAsync(ResultOf(21 + Array.IndexOf(statuses, status), status));
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        await Eventually.TrueAsync(async () => (await host.Log.ToldAsync(UnitChannel, "status")).LastOrDefault() == "official", "it is official");
        (await host.Log.ToldAsync(UnitChannel, "status")).TakeLast(3).ShouldBe(["unconfirmed", "unofficial", "official"]);
    }

    [Fact]
    public async Task New_channels_get_titles_an_editors_titles_stay_and_a_channel_made_meanwhile_is_no_trouble()
    {
        await using var host = await StartAsync(settings: Settings);
        await host.DealAsync(ResultOf(1, code: Code.Replace("0001", "0002", StringComparison.Ordinal)));
        (await host.PutAsync($"channels/{UnitChannel}", new { title = new { en = "Mine" }, defaultLocale = "en" })).Status.ShouldBe(201);
        (await host.DealAsync(ResultOf(1, organisation: "BBB"))).Outcome.ShouldBe(FeedOutcome.Applied);
        await host.LevelAsync();
        string Title(Reply reply) => reply.Body.GetProperty("title").GetProperty("en").GetString()!;
        Title(await host.GetAsync($"channels/{UnitChannel}")).ShouldBe("Mine");
        Title(await host.GetAsync("channels/sport.swm")).ShouldBe("Swimming");
        Title(await host.GetAsync("channels/noc.bbb")).ShouldBe("BBB");
        host.Logs.Lines.ShouldNotContain(l => l.Contains("cannot be derived", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_item_leaves_the_channels_that_it_is_not_on_any_more_also_across_a_crash_before_it_could()
    {
        var place = await NewPlaceAsync();
        var log = new FaultyLog(EditorialHost.NewLog());
        await using (var host = await StartAsync(place, log, settings: Settings))
        {
            await host.DealAsync(ResultOf(1, organisation: "AAA"));
            await host.DealAsync(ResultOf(2, "UNOFFICIAL", organisation: "BBB"));
            await host.LevelAsync();
            (await log.HeldAsync("noc.aaa", Result)).ShouldBeNull();
            (await log.HeldAsync("noc.bbb", Result)).ShouldNotBeNull();
            await Eventually.TrueAsync(() => host.WithDbAsync(db => db.BoardItems.AllAsync(i => i.PublishedVersion == i.Version)), "it is noted");
            log.Away = true;
            await host.DealAsync(ResultOf(3, "OFFICIAL", organisation: "CCC"));
        }

        log.Away = false;
        await using var again = await StartAsync(place, log, settings: Settings);
        await again.LevelAsync();
        (await log.HeldAsync("noc.bbb", Result)).ShouldBeNull();
        (await log.HeldAsync("noc.ccc", Result)).ShouldNotBeNull();
        (await log.ToldAsync(UnitChannel, "status")).ShouldBe(["live", "unofficial", "official"]);
    }

    [Fact]
    public async Task While_the_live_side_is_away_messages_are_dealt_with_and_every_status_goes_out_when_it_is_back()
    {
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log, settings: Settings);
        await host.DealAsync(ResultOf(1, "START_LIST"));
        await host.LevelAsync();
        log.Away = true;
        foreach (var (version, status) in ((int, string)[])[(2, "LIVE"), (3, "UNOFFICIAL"), (4, "PROTESTED"), (5, "OFFICIAL")])
        {
            (await host.DealAsync(ResultOf(version, status))).Outcome.ShouldBe(FeedOutcome.Applied);
        }

        (await log.Inner.ToldAsync(UnitChannel, "status")).ShouldBe(["start_list"]);
        log.Away = false;
        await host.LevelAsync();
        foreach (var channel in (string[])[UnitChannel, "sport.swm", "noc.aaa"])
        {
            (await log.ToldAsync(channel, "status")).ShouldBe(["start_list", "live", "unofficial", "protested", "official"]);
        }
    }

    [Theory]
    [InlineData("the same log")]
    [InlineData("an empty log")]
    public async Task After_a_restart_board_and_channels_agree_and_what_was_removed_stays_removed(string with)
    {
        var place = await NewPlaceAsync();
        var log = EditorialHost.NewLog();
        var other = Code.Replace("0001", "0002", StringComparison.Ordinal);
        await using (var host = await StartAsync(place, log, settings: Settings))
        {
            await host.DealAsync(ResultOf(1));
            await host.DealAsync(ResultOf(1, code: other));
            await host.DealAsync(Message("DT_RESULT", 1, body: null, code: other));
            await host.DealAsync(Medallists(1, "AAA"));
            await host.LevelAsync();
        }

        log = with == "an empty log" ? EditorialHost.NewLog() : log;
        await using var again = await StartAsync(place, log, settings: Settings);
        await again.LevelAsync();
        (await log.HeldAsync("sport.swm", Result)).ShouldNotBeNull();
        (await log.HeldAsync("medals", "medals:table")).ShouldNotBeNull();
        (await log.HeldAsync("sport.swm", $"result:{other}")).ShouldBeNull();
        (await log.ToldAsync(UnitChannel, "version")).ShouldBe(["1"]);

        // And it goes on where it was.
        (await again.DealAsync(ResultOf(1))).Outcome.ShouldBe(FeedOutcome.Duplicate);
        (await again.DealAsync(ResultOf(1, code: other))).Outcome.ShouldBe(FeedOutcome.Duplicate);
        await again.DealAsync(ResultOf(2, "OFFICIAL"));
        await again.LevelAsync();
        (await log.ToldAsync(UnitChannel, "version")).ShouldBe(["1", "2"]);
        (await log.HeldAsync(UnitChannel, Result))!.Value.GetProperty("changes").GetProperty("fields")[0].GetString().ShouldBe("status");
    }

    [Fact]
    public async Task What_was_saved_and_not_published_when_the_server_died_is_published_by_the_next_one()
    {
        var place = await NewPlaceAsync();
        var log = new FaultyLog(EditorialHost.NewLog());
        await using (var host = await StartAsync(place, log, settings: Settings))
        {
            await host.DealAsync(ResultOf(1));
            await host.LevelAsync();
            log.BeforeAppend = _ => new CrashException();
            await host.DealAsync(ResultOf(2, "OFFICIAL"));
            await host.DealAsync(Medallists(1, "AAA"));
        }

        (await log.ToldAsync(UnitChannel, "version")).ShouldBe(["1"]);
        log.BeforeAppend = null;
        await using var again = await StartAsync(place, log, settings: Settings);
        await again.LevelAsync();
        (await log.ToldAsync(UnitChannel, "version")).ShouldBe(["1", "2"]);
        (await log.HeldAsync("medals", "medals:table")).ShouldNotBeNull();
        await Eventually.TrueAsync(() => again.WithDbAsync(db => db.BoardItems.AllAsync(i => i.PublishedVersion == i.Version)), "it is noted");
    }

    [Fact]
    public async Task An_append_that_is_cancelled_by_the_log_itself_does_not_end_publishing()
    {
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log, settings: Settings);
        log.BeforeAppend = _ => new TaskCanceledException("Not by us.");
        await host.DealAsync(ResultOf(1));
        await Eventually.TrueAsync(() => host.Logs.Errors.Any(e => e.Contains("could not be published", StringComparison.Ordinal)), "it is told");
        log.BeforeAppend = null;
        await host.DealAsync(ResultOf(2, "OFFICIAL"));
        await host.LevelAsync();
        (await log.ToldAsync(UnitChannel, "version")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Whoever_listens_hears_of_each_turn_once_and_what_goes_wrong_there_harms_nobody()
    {
        var place = await NewPlaceAsync();
        var turns = new Turns();
        await using (var host = await StartAsync(place, settings: Settings, services: s => s.AddSingleton<INotificationHandler<ResultTurned>>(turns)))
        {
            await host.DealAsync(ResultOf(1, "START_LIST"));
            await host.DealAsync(ResultOf(2, "LIVE"));
            await host.DealAsync(ResultOf(3, "LIVE", time: "51.00"));
            turns.Fails = true;
            await host.DealAsync(ResultOf(4, "OFFICIAL"));
            turns.Fails = false;
            await host.DealAsync(ResultOf(5, "OFFICIAL", time: "50.00"));
            await host.DealAsync(Message("DT_CUMULATIVE_RESULT", 1, "<Result Rank=\"1\" SortOrder=\"1\"><Competitor Code=\"1\" Type=\"A\" Organisation=\"AAA\"/></Result>", "OFFICIAL"));
            await host.DealAsync(Message("DT_RESULT", 5, body: null));
            await Eventually.TrueAsync(() => turns.Heard.Count == 4, "all is told");
            host.Logs.Lines.Count(l => l.Contains("This node derives results now", StringComparison.Ordinal)).ShouldBe(1);
        }

        await using var again = await StartAsync(place, settings: Settings, services: s => s.AddSingleton<INotificationHandler<ResultTurned>>(turns));
        await again.DealAsync(ResultOf(6, "LIVE"));
        await Eventually.TrueAsync(() => turns.Heard.Count >= 5, "the last is told");
        turns.Heard.ShouldBe(["- start_list", "start_list live", "live official", "official -", "- live"]);
    }

    private static string Editors(string entry, string title = "\"T\"") =>
        """{"unit":"BROKEN","result":{"unit":"BROKEN","sport":"SWM","title":{"en":TITLE},"status":"live","at":"2030-08-01T20:00:00Z","entries":[ENTRY]}}""".Replace("ENTRY", entry, StringComparison.Ordinal).Replace("TITLE", title, StringComparison.Ordinal);

    private sealed class Turns : INotificationHandler<ResultTurned>
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public bool Fails { get; set; }

        public Task Handle(ResultTurned notification, CancellationToken cancellationToken)
        {
            Heard.Enqueue($"{notification.From ?? "-"} {notification.To ?? "-"}");
            return Fails ? throw new OperationCanceledException("Too slow.") : Task.CompletedTask;
        }
    }
}

public sealed class FeedWorkerOnSqlite() : FeedWorkerTests(Sqlite);

public sealed class FeedWorkerOnPostgres(PostgresFixture postgres) : FeedWorkerTests(postgres.NewDatabaseAsync);
