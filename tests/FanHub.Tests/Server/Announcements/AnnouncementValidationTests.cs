namespace FanHub.Tests.Server.Announcements;

public abstract class AnnouncementValidationTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly string Long = new('x', 2001);

    public static TheoryData<string, Func<object>, string> Wrong => new()
    {
        { "no channel", () => new { channel = (string?)null }, "channel" },
        { "an unknown channel", () => new { channel = "nowhere" }, "channel" },
        { "no title", () => new { title = (object?)null }, "title" },
        { "an empty title", () => new { title = new { en = " " } }, "title.en" },
        { "a control character", () => new { title = new { en = "a\u0007" } }, "title.en" },
        { "a long title", () => new { title = new { en = Long[..201] } }, "title.en" },
        { "no default language", () => new { title = new { fr = "Ouvert" } }, "title" },
        { "a text without languages", () => new { text = new { } }, "text" },
        { "a long text", () => new { text = new { en = Long } }, "text.en" },
        { "a text without the default language", () => new { text = new { fr = "Ouvert" } }, "text" },
        { "texts too long together", () => new { text = Languages }, "text" },
        { "another severity", () => new { severity = "loud" }, "severity" },
        { "a severity in numbers", () => new { severity = 1 }, "severity" },
        { "an end in the past", () => new { expiresAt = DateTimeOffset.UtcNow.AddMinutes(-1) }, "expiresAt" },
        { "an end before the start", () => new { opensAt = DateTimeOffset.UtcNow.AddHours(2), expiresAt = DateTimeOffset.UtcNow.AddHours(1) }, "expiresAt" },
        { "an end far away", () => new { expiresAt = DateTimeOffset.UtcNow.AddDays(6 * 366) }, "expiresAt" },
        { "a start in the past", () => new { opensAt = DateTimeOffset.UtcNow.AddMinutes(-1) }, "opensAt" },
        { "a start far away", () => new { opensAt = DateTimeOffset.UtcNow.AddDays(6 * 366) }, "opensAt" },
        { "a moment without a zone", () => new { opensAt = "2090-01-01T10:00:00" }, "opensAt" },
        { "an unknown member", () => new { body = "x" }, "body" },
        { "a picture on this site", () => new { image = "/a.png" }, "image" },
    };

    public static TheoryData<string> WrongAddresses => new()
    {
        "",
        " ",
        "http://example.org/",
        "javascript:alert(1)",
        "data:text/html,hello",
        "ftp://example.org/",
        "https:",
        "https://",
        "https:///path",
        "https:example.org",
        "https:\\\\example.org",
        "https://exa mple.org/",
        " https://example.org/",
        "https://example.org/\n",
        "//example.org/",
        "/\\example.org/",
        "/\t/example.org/",
        "/a\u0000b",
        "/a b",
        "\\\\example.org",
        "example.org",
        "results",
        "https://user:pw@evil.example/",
        "https://example.org@evil.example",
        "https://@evil.example/",
        "https://example.org/\u202Egnp.exe",
        "/\u2066a\u2069",
        "/a\u200Bb",
        "https://example.org/" + Long[..1981],
        "/" + Long[..2000],
    };

    public static TheoryData<string> RightLinks => new()
    {
        "https://example.org",
        "HTTPS://example.org/a?b=c#d",
        "https://münchen.example/straße",
        "/",
        "/?channel=final",
        "/a//b",
        "/@name",
        "https://example.org/@name?to=a@b#c@d",
        "/" + Long[..1999],
        "https://example.org/" + Long[..1980],
    };

    // 2,000 characters in each of twelve languages, three bytes each.
    private static Dictionary<string, string> Languages =>
        new[] { "en", "fr", "de", "es", "it", "ja", "ko", "zh", "ar", "hi", "ru", "pt" }.ToDictionary(l => l, _ => new string('あ', 2000), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_mistake_is_named_by_its_place(string what, Func<object> with, string field)
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var reply = await host.PostAsync("announcements", AnnouncementSteps.Body(with()));
        reply.Status.ShouldBe(400, what + reply.Content);
        reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe([field], what);
        (await host.GetAsync("announcements")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Addresses_that_lead_elsewhere_than_they_seem_are_refused()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        foreach (var address in WrongAddresses.Select(a => a.Data))
        {
            var reply = await host.PostAsync("announcements", AnnouncementSteps.Body(new { link = address, image = address }));
            reply.Status.ShouldBe(400, address + reply.Content);
            reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["image", "link"], address);
        }
    }

    [Fact]
    public async Task Addresses_are_kept_as_they_are_written()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        foreach (var link in RightLinks.Select(l => l.Data))
        {
            var reply = await host.PostAsync("announcements", AnnouncementSteps.Body(new { link, image = "https://example.org/a.png" }));
            reply.Status.ShouldBe(201, link + reply.Content);
            reply.Body.GetProperty("link").GetString().ShouldBe(link);
            reply.Body.GetProperty("image").GetString().ShouldBe("https://example.org/a.png");
        }
    }

    [Fact]
    public async Task All_mistakes_are_named_at_once()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var reply = await host.PostAsync("announcements", """{"channel":"c","title":{"fr":""},"text":{},"link":"x","image":"y","expiresAt":"2001-01-01T00:00:00Z"}""");
        reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["expiresAt", "image", "link", "text", "title", "title.fr"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_draft_shows_all_that_was_said_and_what_was_filled_in()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var opensAt = DateTimeOffset.UtcNow.AddHours(1);
        var created = await host.PostAsync("announcements", AnnouncementSteps.Body(new { text = new { en = "From nine.", fr = "Dès neuf heures." }, opensAt, expiresAt = opensAt.AddHours(1) }));
        created.Headers.Location!.ToString().ShouldBe($"/api/v1/admin/announcements/{created.Id}");
        created.ETag.ShouldBe("\"1\"");
        created.State.ShouldBe("draft");
        created.Body.GetProperty("severity").GetString().ShouldBe("info");
        created.Body.GetProperty("text").GetProperty("fr").GetString().ShouldBe("Dès neuf heures.");
        created.Body.TryGetProperty("link", out _).ShouldBeFalse();
        created.Body.GetProperty("opensAt").GetDateTimeOffset().ToUnixTimeMilliseconds().ShouldBe(opensAt.ToUnixTimeMilliseconds());
        Guid.Parse(created.Id).Version.ShouldBe(7);
        (await host.GetAsync($"announcements/{created.Id}")).Content.ShouldBe(created.Content);

        var edited = await host.PutAsync($"announcements/{created.Id}", AnnouncementSteps.Body(new { severity = "breaking" }), ("If-Match", created.ETag!));
        edited.Status.ShouldBe(200, edited.Content);
        edited.ETag.ShouldBe("\"2\"");
        edited.Body.GetProperty("severity").GetString().ShouldBe("breaking");
        edited.Body.TryGetProperty("text", out _).ShouldBeFalse("what is not said any more is gone");
        (await host.PutAsync($"announcements/{created.Id}", AnnouncementSteps.Body(new { channel = "d" }))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Lists_go_from_the_newest_page_by_page_and_by_channel_and_state()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/d", Bodies.Channel);
        var all = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            all.Add(await host.NewAnnouncementAsync());
            await Task.Delay(2);
        }

        await host.PostAsync("announcements", AnnouncementSteps.Body(new { channel = "d" }));
        await host.TellAsync(all[1], "publish");
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await host.GetAsync($"announcements?channel=c&limit=2&cursor={cursor}")).Body;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        seen.ShouldBe(Enumerable.Reverse(all));
        (await host.GetAsync("announcements?state=published")).Body.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString().ShouldBe(all[1]);
        (await host.GetAsync("announcements?state=loud")).Status.ShouldBe(400);
    }
}

public sealed class AnnouncementValidationOnSqlite() : AnnouncementValidationTests(Sqlite);

public sealed class AnnouncementValidationOnPostgres(PostgresFixture postgres) : AnnouncementValidationTests(postgres.NewDatabaseAsync);
