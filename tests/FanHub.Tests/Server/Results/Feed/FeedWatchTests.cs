using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Results.Feed;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Tests.Server.Results.Feed;

public abstract class FeedWatchTests(Func<Task<string?>> newDatabase) : FeedTests(newDatabase)
{
    [Fact]
    public async Task Messages_are_listed_from_the_newest_page_by_page()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        List<long> fed = [];
        for (var i = 1; i <= 5; i++)
        {
            fed.Add(await host.FedAsync(("Version", $"{i}")));
        }

        List<long> seen = [];
        string? cursor = null;
        do
        {
            var page = (await host.GetAsync($"feeds/messages?limit=2&cursor={cursor}")).Body;
            seen.AddRange(page.Ids());
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        seen.ShouldBe(Enumerable.Reverse(fed));
    }

    [Fact]
    public async Task They_are_found_by_state_outcome_flag_type_and_code()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var now = DateTimeOffset.UtcNow;
        var done = await host.FedAsync();
        await host.SettleAsync(done, FeedMessageState.Done, FeedOutcome.Applied, now, flagged: true, reason: "Two sources.");
        var dead = await host.FedAsync(("DocumentType", "DT_SCHEDULE"), ("DocumentCode", "SWM"));
        await host.SettleAsync(dead, FeedMessageState.Dead, FeedOutcome.Unreadable, now, reason: "It ends in the middle.");
        var older = await host.FedAsync(("Version", "2"));
        await host.SettleAsync(older, FeedMessageState.Done, FeedOutcome.PreconditionFailed, now);

        foreach (var (query, found) in new (string, long[])[]
        {
            ("state=dead", [dead]), ("state=done", [older, done]), ("state=waiting", []), ("outcome=applied", [done]), ("outcome=precondition_failed", [older]),
            ("flagged=true", [done]), ("flagged=false", [older, dead]), ("type=DT_SCHEDULE", [dead]), ("type=DT_RESULT", [older, done]), ("code=SWM", [dead]), ("code=swm", []),
            ("state=done&flagged=true&type=DT_RESULT", [done]), ("state=&outcome=&flagged=&type=&code=&cursor=", [older, dead, done]),
        })
        {
            var reply = await host.GetAsync($"feeds/messages?{query}");
            reply.Status.ShouldBe(200, $"{query}: {reply.Content}");
            reply.Body.Ids().ShouldBe(found, query);
        }
    }

    [Theory]
    [InlineData("state=asleep")]
    [InlineData("state=Done")]
    [InlineData("state=0")]
    [InlineData("state=done&state=dead")]
    [InlineData("outcome=fine")]
    [InlineData("flagged=1")]
    [InlineData("flagged=yes")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=99999999999")]
    [InlineData("cursor=%25")]
    [InlineData("cursor=YWJj")]
    [InlineData("cursor=LTE")]
    [InlineData("cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk")]
    [InlineData("type=%00")]
    [InlineData("code=a%00b")]
    public async Task An_odd_question_is_refused_in_words(string query)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var reply = await host.GetAsync($"feeds/messages?{query}");
        reply.Status.ShouldBe(400, reply.Content);
        reply.Code.ShouldBe(ErrorCodes.Invalid);
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("type=%27%3B%20DROP%20TABLE%20feed_messages--")]
    [InlineData("code=%F0%9F%8F%8A")]
    [InlineData("code=%ff%fe")]
    [InlineData("unknown=1")]
    public async Task A_question_that_nothing_answers_is_answered_with_nothing_or_all(string query)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var id = await host.FedAsync();
        var reply = await host.GetAsync($"feeds/messages?{query}");
        reply.Status.ShouldBe(200, reply.Content);
        reply.Body.Ids().ShouldBe(query.StartsWith("unknown", StringComparison.Ordinal) ? [id] : []);
    }

    [Fact]
    public async Task A_message_is_shown_with_what_came_of_it()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var id = await host.FedAsync(("Version", "3"));
        await host.SettleAsync(id, FeedMessageState.Done, FeedOutcome.Applied, DateTimeOffset.UtcNow, flagged: true, reason: "Look at it.", defects: "SortOrder is 0\nRank is a text\n");
        var shown = (await host.GetAsync($"feeds/messages/{id}")).Body;
        shown.GetProperty("id").GetInt64().ShouldBe(id);
        shown.GetProperty("feed").GetString().ShouldBe("odf");
        shown.GetProperty("documentType").GetString().ShouldBe("DT_RESULT");
        shown.GetProperty("version").GetInt64().ShouldBe(3);
        shown.GetProperty("state").GetString().ShouldBe("done");
        shown.GetProperty("outcome").GetString().ShouldBe("applied");
        shown.GetProperty("flagged").GetBoolean().ShouldBeTrue();
        shown.GetProperty("reason").GetString().ShouldBe("Look at it.");
        shown.GetProperty("defects").EnumerateArray().Select(d => d.GetString()).ShouldBe(["SortOrder is 0", "Rank is a text"]);
        shown.TryGetProperty("content", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Its_content_is_given_as_a_file_that_no_browser_shows()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var xml = FeedSender.Bytes(FeedSender.Xml("<script>alert(1)</script>" + new string(' ', 300_000)));
        var id = (await host.FeedAsync(FeedSender.Gzip(xml), "gzip")).Message();
        using var response = await host.Http.GetAsync($"/api/v1/admin/feeds/messages/{id}/content");
        ((int)response.StatusCode).ShouldBe(200);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(xml);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/xml");
        response.Content.Headers.ContentDisposition!.ToString().ShouldBe($"attachment; filename=\"message-{id}.xml\"");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("999")]
    [InlineData("one")]
    [InlineData("1%20")]
    [InlineData("99999999999999999999")]
    public async Task There_is_nothing_where_no_message_is(string id)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        (await host.GetAsync($"feeds/messages/{id}")).Status.ShouldBe(404);
        (await host.GetAsync($"feeds/messages/{id}/content")).Status.ShouldBe(404);
        var replay = await host.PostAsync($"feeds/messages/{id}/replay");
        replay.Status.ShouldBe(404);
        replay.Code.ShouldBe(ErrorCodes.NotFound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_was_looked_at_can_be_looked_at_again(bool dead)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var id = await host.FedAsync();
        await host.SettleAsync(
            id, dead ? FeedMessageState.Dead : FeedMessageState.Done, dead ? FeedOutcome.Unreadable : FeedOutcome.Ignored, DateTimeOffset.UtcNow, flagged: true, reason: "r", defects: "d");
        var reply = await host.PostAsync($"feeds/messages/{id}/replay", null, ("Idempotency-Key", "once"));
        reply.Status.ShouldBe(200, reply.Content);
        reply.State.ShouldBe("waiting");
        var stored = (await host.StoredAsync()).Single();
        (stored.State, stored.Outcome, stored.Reason, stored.Flagged, stored.Defects, stored.ProcessedAt).ShouldBe((FeedMessageState.Waiting, null, null, false, null, null));
        (await host.PostAsync($"feeds/messages/{id}/replay", null, ("Idempotency-Key", "once"))).Content.ShouldBe(reply.Content);
    }

    [Fact]
    public async Task One_that_waits_cannot_be_replayed()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var id = await host.FedAsync();
        var refused = await host.PostAsync($"feeds/messages/{id}/replay");
        refused.Status.ShouldBe(409, refused.Content);
        refused.Code.ShouldBe(ErrorCodes.Conflict);
    }

    [Fact]
    public async Task The_status_counts_the_last_day_and_what_needs_somebody_whenever_it_came()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var now = DateTimeOffset.UtcNow;
        var old = await host.FedAsync();
        await host.SettleAsync(old, FeedMessageState.Dead, FeedOutcome.Unreadable, now.AddDays(-2), flagged: true);
        await host.WithDbAsync(db => db.Set<FeedMessage>().ExecuteUpdateAsync(m => m.SetProperty(x => x.ReceivedAt, now.AddDays(-2))));
        await host.SettleAsync(await host.FedAsync(), FeedMessageState.Done, FeedOutcome.Applied, now);
        await host.SettleAsync(await host.FedAsync(("DocumentType", "DT_MEDALS")), FeedMessageState.Done, FeedOutcome.Duplicate, now.AddSeconds(-9));
        await host.FedAsync();

        var status = (await host.GetAsync("feeds/status")).Body;
        status.GetProperty("keyConfigured").GetBoolean().ShouldBeTrue();
        status.GetProperty("flag").GetString().ShouldBe("P");
        Counts("states").ShouldBe("done 2, waiting 1");
        Counts("outcomes").ShouldBe("applied 1, duplicate 1");
        Counts("types").ShouldBe("DT_RESULT 2, DT_MEDALS 1");
        status.GetProperty("waiting").GetInt64().ShouldBe(1);
        status.GetProperty("dead").GetInt64().ShouldBe(1);
        status.GetProperty("flagged").GetInt64().ShouldBe(1);
        status.GetProperty("lastReceivedAt").GetDateTimeOffset().ShouldBe(now, TimeSpan.FromMinutes(1));
        status.GetProperty("lastProcessedAt").GetDateTimeOffset().ShouldBe(now, TimeSpan.FromMilliseconds(1));
        status.GetProperty("oldestWaitingMs").GetInt64().ShouldBeInRange(0, 60_000);

        string Counts(string name) => string.Join(", ", status.GetProperty(name).EnumerateObject().Select(c => $"{c.Name} {c.Value.GetInt64()}"));
    }

    [Fact]
    public async Task The_status_of_a_feed_that_never_was_says_so()
    {
        await using var host = await StartAsync();
        var status = (await host.GetAsync("feeds/status")).Body;
        status.GetProperty("keyConfigured").GetBoolean().ShouldBeFalse();
        status.GetProperty("waiting").GetInt64().ShouldBe(0);
        status.GetProperty("types").ValueKind.ShouldBe(JsonValueKind.Object);
        status.TryGetProperty("lastReceivedAt", out _).ShouldBeFalse();
        status.TryGetProperty("lastProcessedAt", out _).ShouldBeFalse();
        status.TryGetProperty("oldestWaitingMs", out _).ShouldBeFalse();
        status.ToString().ShouldNotContain("ey\":\"");
    }
}

public sealed class FeedWatchOnSqlite() : FeedWatchTests(Sqlite);

public sealed class FeedWatchOnPostgres(PostgresFixture postgres) : FeedWatchTests(postgres.NewDatabaseAsync);
