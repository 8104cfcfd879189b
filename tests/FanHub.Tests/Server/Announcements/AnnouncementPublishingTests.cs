using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.Tests.Server.Announcements;

public abstract class AnnouncementPublishingTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task Drafts_and_schedules_never_reach_the_log()
    {
        await using var host = await StartAsync();
        await host.NewAnnouncementAsync();
        await host.TellAsync(await host.NewAnnouncementAsync(new { opensAt = DateTimeOffset.UtcNow.AddHours(1) }), "publish");
        await host.TellAsync(await host.NewAnnouncementAsync(), "cancel");
        (await host.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(0);
    }

    [Fact]
    public async Task A_published_announcement_is_in_the_log_with_all_its_languages()
    {
        await using var host = await StartAsync();
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        var announcement = await host.NewAnnouncementAsync(new
        {
            title = new { en = "Gates open", fr = "Ouvert" },
            text = new { en = "From nine.", fr = "Dès neuf heures." },
            severity = "breaking",
            link = "/?channel=final",
            image = "https://example.org/gate.png",
            expiresAt = expires,
        });
        await host.TellAsync(announcement, "publish");

        var item = (await host.ItemAsync($"announcement:{announcement}")).ShouldNotBeNull();
        item.Class.ShouldBe(DeliveryClass.Logged);
        item.Kind.ShouldBe("announcement");
        item.Version.ShouldBe(2);
        item.DefaultLocale.ShouldBe("en");
        var data = (await host.DataAsync($"announcement:{announcement}"))!.Value;
        data.EnumerateObject().Select(m => m.Name).ShouldBe(["id", "title", "text", "severity", "link", "image", "expiresAt"]);
        data.GetProperty("id").GetString().ShouldBe(announcement);
        data.GetProperty("title").GetProperty("$t").GetProperty("fr").GetString().ShouldBe("Ouvert");
        data.GetProperty("text").GetProperty("$t").GetProperty("en").GetString().ShouldBe("From nine.");
        data.GetProperty("severity").GetString().ShouldBe("breaking");
        data.GetProperty("link").GetString().ShouldBe("/?channel=final");
        data.GetProperty("image").GetString().ShouldBe("https://example.org/gate.png");
        data.GetProperty("expiresAt").GetDateTimeOffset().ToUnixTimeMilliseconds().ShouldBe(expires.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_revoked_announcement_is_removed()
    {
        await using var host = await StartAsync();
        var announcement = await host.NewAnnouncementAsync();
        await host.TellAsync(announcement, "publish");
        (await host.DataAsync($"announcement:{announcement}"))!.Value.EnumerateObject().Select(m => m.Name).ShouldBe(["id", "title", "severity"]);
        await host.TellAsync(announcement, "revoke");

        var read = (await host.Log.ReadAsync("c"))!;
        read.Items.ShouldBeEmpty();
        read.Logged.Select(e => (e.Item.Version, e.Item.Removes)).ShouldBe([(2, false), (3, true)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_announcement_that_lacks_a_required_language_is_not_published_and_the_refusal_names_it(bool scheduled)
    {
        await using var host = await StartAsync();
        var announcement = await host.NewAnnouncementAsync(new
        {
            title = new { en = "Gates open", fr = "Ouvert" },
            text = new { en = "From nine." },
            opensAt = scheduled ? DateTimeOffset.UtcNow.AddHours(1) : (DateTimeOffset?)null,
        });
        await host.PutAsync("channels/c", new { title = new { en = "C" }, defaultLocale = "en", requiredLocales = new[] { "fr", "de" } });

        var reply = await host.PostAsync($"announcements/{announcement}/publish");
        reply.Code.ShouldBe(ErrorCodes.Invalid);
        var errors = reply.Body.GetProperty("errors");
        errors.GetProperty("title")[0].GetString()!.ShouldContain("lacks de,");
        errors.GetProperty("text")[0].GetString()!.ShouldContain("lacks fr, de,");
        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe("draft");

        await host.PutAsync($"announcements/{announcement}", AnnouncementSteps.Body(new { title = new { en = "Gates open", fr = "Ouvert", de = "Offen" } }));
        (await host.TellAsync(announcement, "publish")).State.ShouldBe("published");
    }

    [Fact]
    public async Task While_the_live_side_is_away_steps_that_fans_would_see_are_refused()
    {
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log);
        var published = await host.NewAnnouncementAsync();
        await host.TellAsync(published, "publish");
        log.Away = true;
        var announcement = await host.NewAnnouncementAsync();
        (await host.PostAsync($"announcements/{announcement}/publish")).Code.ShouldBe(ErrorCodes.Unavailable);
        (await host.PostAsync($"announcements/{published}/revoke")).Code.ShouldBe(ErrorCodes.Unavailable);
        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe("draft");
        (await host.PostAsync($"announcements/{announcement}/cancel")).State.ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_repeated_request_takes_effect_once()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var first = await host.PostAsync("announcements", AnnouncementSteps.Body(), ("Idempotency-Key", "a"));
        var again = await host.PostAsync("announcements", AnnouncementSteps.Body(), ("Idempotency-Key", "a"));
        again.Id.ShouldBe(first.Id);
        (await host.PostAsync($"announcements/{first.Id}/publish", null, ("Idempotency-Key", "b"))).State.ShouldBe("published");
        (await host.PostAsync($"announcements/{first.Id}/publish", null, ("Idempotency-Key", "b"))).State.ShouldBe("published");
        await host.PublishedAsync();
        (await host.Log.ReadAsync("c"))!.Logged.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_server_that_starts_with_an_empty_log_shows_fans_what_they_saw_before()
    {
        var place = await NewPlaceAsync();
        string before;
        await using (var host = await StartAsync(place))
        {
            await host.NewAnnouncementAsync();
            await host.TellAsync(await host.NewAnnouncementAsync(), "publish");
            await host.TellAsync(await host.NewAnnouncementAsync(new { opensAt = DateTimeOffset.UtcNow.AddHours(1) }), "publish");
            var revoked = await host.NewAnnouncementAsync();
            await host.TellAsync(revoked, "publish");
            await host.TellAsync(revoked, "revoke");
            before = await ShownAsync(host);
        }

        await using var again = await StartAsync(place);
        (await ShownAsync(again)).ShouldBe(before);
        before.Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_channel_that_loses_its_log_while_the_server_runs_is_rebuilt()
    {
        var log = new ReplaceableLog();
        await using var host = await StartAsync(log: log);
        var announcement = await host.NewAnnouncementAsync();
        await host.TellAsync(announcement, "publish");
        log.Inner = EditorialHost.NewLog();
        await Eventually.TrueAsync(async () => await host.ItemAsync($"announcement:{announcement}") is not null, "it is there again");
    }

    [Fact]
    public async Task A_log_that_comes_back_as_it_was_earlier_loses_what_was_taken_away_since()
    {
        var place = await NewPlaceAsync();
        var older = EditorialHost.NewLog();
        string revoked, standing;
        await using (var host = await StartAsync(place, older))
        {
            revoked = await host.NewAnnouncementAsync();
            standing = await host.NewAnnouncementAsync();
            await host.TellAsync(revoked, "publish");
            await host.TellAsync(standing, "publish");
        }

        await using (var host = await StartAsync(place))
        {
            await host.TellAsync(revoked, "revoke");
        }

        await using var again = await StartAsync(place, older);
        (await again.ItemAsync($"announcement:{revoked}")).ShouldBeNull();
        (await again.ItemAsync($"announcement:{standing}")).ShouldNotBeNull();
    }

    private static async Task<string> ShownAsync(EditorialHost host) => string.Join('\n', (await host.Log.ReadAsync("c"))!.Items.OrderBy(e => e.Item.Key, StringComparer.Ordinal)
        .Select(e => $"{e.Item.Key} {e.Item.Version} {e.Item.Class} {e.Item.At.ToUnixTimeMilliseconds()} {e.Item.DefaultLocale} {System.Text.Encoding.UTF8.GetString(e.Item.Data.Span)}"));
}

public sealed class AnnouncementPublishingOnSqlite() : AnnouncementPublishingTests(Sqlite);

public sealed class AnnouncementPublishingOnPostgres(PostgresFixture postgres) : AnnouncementPublishingTests(postgres.NewDatabaseAsync);
