using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Tests.Server.Polls;

public abstract class PollPublishingTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task Drafts_and_schedules_never_reach_the_log_but_the_box_knows_them()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(new { opensAt = DateTimeOffset.UtcNow.AddHours(1) });
        await host.DoAsync(poll, "open");

        var read = await host.Log.ReadAsync("c");
        read!.Items.ShouldBeEmpty();
        (await host.Box.FindAsync(poll)).ShouldNotBeNull().Channel.ShouldBe("c");
    }

    [Fact]
    public async Task An_open_poll_is_in_the_log_with_all_its_languages_before_the_editor_gets_the_answer()
    {
        await using var host = await StartAsync();
        var closes = DateTimeOffset.UtcNow.AddHours(1);
        var poll = await host.NewPollAsync(new { title = new { en = "Who?", fr = "Qui ?" }, closesAt = closes, maxChoices = 2, changeable = true, lateWindowMs = 3000 });
        (await host.PostAsync($"polls/{poll}/open")).Status.ShouldBe(200);

        var item = (await host.ItemAsync($"poll:{poll}")).ShouldNotBeNull();
        item.Class.ShouldBe(DeliveryClass.Logged);
        item.Version.ShouldBe(2);
        item.DefaultLocale.ShouldBe("en");
        var data = JsonElement.Parse(item.Data.Span);
        data.GetProperty("state").GetString().ShouldBe("open");
        data.GetProperty("title").GetProperty("$t").GetProperty("fr").GetString().ShouldBe("Qui ?");
        data.GetProperty("options")[1].GetProperty("id").GetString().ShouldBe("b");
        data.GetProperty("options")[1].GetProperty("label").GetProperty("$t").GetProperty("en").GetString().ShouldBe("Bea");
        data.GetProperty("maxChoices").GetInt32().ShouldBe(2);
        data.GetProperty("changeable").GetBoolean().ShouldBeTrue();
        data.GetProperty("visibility").GetString().ShouldBe("live");
        data.GetProperty("lateWindowMs").GetInt32().ShouldBe(3000);
        data.GetProperty("closesAt").GetDateTimeOffset().ToUnixTimeMilliseconds().ShouldBe(closes.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("live", true, "all", true, "all")]
    [InlineData("after_close", true, "all", true, "all")]
    [InlineData("after_vote", false, "voters", true, "all")]
    [InlineData("never", false, "none", false, "none")]
    public async Task Counts_go_to_whom_the_visibility_allows(string visibility, bool inClosed, string finalToWhenClosed, bool inRevealed, string finalToWhenRevealed)
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(new { visibility });
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 2), (3, 2));

        var closed = await host.DoAsync(poll, "close");
        closed.Body.GetProperty("result").GetProperty("counts").GetProperty("b").GetInt64().ShouldBe(2);
        (await host.DataAsync($"poll:{poll}"))!.Value.TryGetProperty("tally", out _).ShouldBe(inClosed);
        await TallyGoesTo(finalToWhenClosed);

        await host.DoAsync(poll, "reveal");
        var data = (await host.DataAsync($"poll:{poll}"))!.Value;
        data.GetProperty("state").GetString().ShouldBe("revealed");
        data.TryGetProperty("tally", out var tally).ShouldBe(inRevealed);
        if (inRevealed)
        {
            tally.GetProperty("ballots").GetInt64().ShouldBe(3);
            tally.GetProperty("final").GetBoolean().ShouldBeTrue();
        }

        await TallyGoesTo(finalToWhenRevealed);

        async Task TallyGoesTo(string whom)
        {
            var item = await host.ItemAsync($"tally:{poll}");
            (item is null ? "none" : item.Gate is null ? "all" : item.Gate == poll ? "voters" : item.Gate).ShouldBe(whom);
        }
    }

    [Theory]
    [InlineData("cancel", true)]
    [InlineData("revoke", false)]
    public async Task Cancelling_and_revoking_seal_the_box_and_take_the_count_away(string step, bool itemStays)
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(new { visibility = "after_vote" });
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1));
        await host.DoAsync(poll, "close");
        (await host.ItemAsync($"tally:{poll}")).ShouldNotBeNull();
        await host.DoAsync(poll, step);

        (await host.ItemAsync($"tally:{poll}")).ShouldBeNull();
        var data = await host.DataAsync($"poll:{poll}");
        data.HasValue.ShouldBe(itemStays);
        data?.GetProperty("state").GetString().ShouldBe("cancelled");
        data?.TryGetProperty("tally", out _).ShouldBeFalse();
        (await host.Box.FindAsync(poll))!.Sealed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_open_poll_shows_editors_its_running_count()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(new { visibility = "never" });
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 1));

        var tally = (await host.GetAsync($"polls/{poll}")).Body.GetProperty("tally");
        tally.GetProperty("counts").GetProperty("a").GetInt64().ShouldBe(2);
        tally.GetProperty("final").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_poll_that_lacks_a_required_language_is_not_opened_and_the_refusal_names_it()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(new { title = new { en = "Who?", fr = "Qui ?" } });
        await host.PutAsync("channels/c", new { title = new { en = "C" }, defaultLocale = "en", requiredLocales = new[] { "fr" } });

        var refused = await host.PostAsync($"polls/{poll}/open");
        refused.Status.ShouldBe(400);
        var errors = refused.Body.GetProperty("errors");
        errors.TryGetProperty("title", out _).ShouldBeFalse();
        errors.GetProperty("options[0].label")[0].GetString()!.ShouldContain("fr");
        errors.TryGetProperty("options[1].label", out _).ShouldBeTrue();
        (await host.GetAsync($"polls/{poll}")).State.ShouldBe("draft");
    }

    [Fact]
    public async Task While_the_live_side_is_away_nothing_that_fans_would_see_is_saved()
    {
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log);
        var draft = await host.NewPollAsync();
        var open = await host.NewPollAsync();
        await host.DoAsync(open, "open");
        log.Away = true;

        foreach (var (poll, step) in new[] { (draft, "open"), (open, "close"), (open, "cancel"), (open, "revoke") })
        {
            var refused = await host.PostAsync($"polls/{poll}/{step}");
            refused.Status.ShouldBe(503, refused.Content);
            refused.Code.ShouldBe(ErrorCodes.Unavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await host.GetAsync($"polls/{draft}")).State.ShouldBe("draft");
        (await host.GetAsync($"polls/{open}")).State.ShouldBe("open");
        (await host.Box.FindAsync(open))!.Sealed.ShouldBeFalse();
        log.Away = false;
        await host.DoAsync(open, "close");
    }
}

public sealed class PollPublishingOnSqlite() : PollPublishingTests(Sqlite);

public sealed class PollPublishingOnPostgres(PostgresFixture postgres) : PollPublishingTests(postgres.NewDatabaseAsync);
