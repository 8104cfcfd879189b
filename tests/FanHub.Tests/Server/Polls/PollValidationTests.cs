namespace FanHub.Tests.Server.Polls;

public abstract class PollValidationTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly string Long = new('x', 501);

    public static TheoryData<string, Func<object>, string> Wrong => new()
    {
        { "no channel", () => new { channel = (string?)null }, "channel" },
        { "an unknown channel", () => new { channel = "nowhere" }, "channel" },
        { "no title", () => new { title = new { } }, "title" },
        { "an empty text", () => new { title = new { en = " " } }, "title.en" },
        { "a control character", () => new { title = new { en = "a\u0007" } }, "title.en" },
        { "a line break", () => new { title = new { en = "a\nb" } }, "title.en" },
        { "a long title", () => new { title = new { en = Long } }, "title.en" },
        { "no default language", () => new { title = new { fr = "Qui ?" } }, "title" },
        { "a bad tag", () => new { title = new Dictionary<string, string> { ["en"] = "a", ["e n"] = "b" } }, "title.e n" },
        { "a tag with a line break", () => new { title = new Dictionary<string, string> { ["en"] = "a", ["fr\n"] = "b" } }, "title.fr\n" },
        { "a language twice", () => new { title = new Dictionary<string, string> { ["en"] = "a", ["EN"] = "b" } }, "title" },
        { "one option", () => new { options = new[] { Option("a") } }, "options" },
        { "65 options", () => new { options = Enumerable.Range(0, 65).Select(_ => Option(null)) }, "options" },
        { "no options", () => new { options = (object?)null }, "options" },
        { "an option of null", () => new { options = new[] { Option("a"), null } }, "options[1].label" },
        { "an option id twice", () => new { options = new[] { Option("a"), Option("a") } }, "options[1].id" },
        { "a bad option id", () => new { options = new[] { Option("a"), Option("b c") } }, "options[1].id" },
        { "a long label", () => new { options = new object[] { Option("a"), new { label = new { en = Long[..201] } } } }, "options[1].label.en" },
        { "no choice", () => new { maxChoices = 0 }, "maxChoices" },
        { "more choices than options", () => new { maxChoices = 3 }, "maxChoices" },
        { "an end in the past", () => new { closesAt = DateTimeOffset.UtcNow.AddMinutes(-1) }, "closesAt" },
        { "an end before the start", () => new { opensAt = DateTimeOffset.UtcNow.AddHours(2), closesAt = DateTimeOffset.UtcNow.AddHours(1) }, "closesAt" },
        { "a long late window", () => new { lateWindowMs = 600_001 }, "lateWindowMs" },
        { "a negative late window", () => new { lateWindowMs = -1 }, "lateWindowMs" },
        { "texts too long together", () => new { options = Enumerable.Range(0, 64).Select(_ => (object)new { label = Languages }) }, "options" },
    };

    private static Dictionary<string, string> Languages => new[] { "en", "fr", "de", "es", "it", "ja", "ko", "zh" }.ToDictionary(l => l, _ => new string('x', 200), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_mistake_is_named_by_its_place(string what, Func<object> with, string field)
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var reply = await host.PostAsync("polls", Bodies.Poll(with()));
        reply.Status.ShouldBe(400, what + reply.Content);
        reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe([field], what);
        (await host.GetAsync("polls")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task All_mistakes_are_named_at_once()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var reply = await host.PostAsync("polls", """{"channel":"c","title":{"fr":""},"options":[{"id":"!"}],"maxChoices":9,"lateWindowMs":-1}""");
        reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name)
            .ShouldBe(["lateWindowMs", "maxChoices", "options", "options[0].id", "options[0].label", "title", "title.fr"], ignoreOrder: true);
    }

    [Fact]
    public async Task Option_ids_that_are_absent_are_made_up_around_those_given()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var reply = await host.PostAsync("polls", Bodies.Poll(new { options = Enumerable.Range(0, 28).Select(i => Option(i == 1 ? "a" : null)) }));
        var ids = reply.Body.GetProperty("options").EnumerateArray().Select(o => o.GetProperty("id").GetString()).ToList();
        ids[..3].ShouldBe(["b", "a", "c"]);
        ids[^1].ShouldBe("ab");
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(28);
    }

    [Fact]
    public async Task A_draft_shows_all_that_was_said_and_what_was_filled_in()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var created = await host.PostAsync("polls", Bodies.Poll());
        created.Headers.Location!.ToString().ShouldBe($"/api/v1/admin/polls/{created.Id}");
        created.ETag.ShouldBe("\"1\"");
        created.State.ShouldBe("draft");
        created.Body.GetProperty("version").GetInt64().ShouldBe(1);
        created.Body.GetProperty("maxChoices").GetInt32().ShouldBe(1);
        created.Body.GetProperty("changeable").GetBoolean().ShouldBeFalse();
        created.Body.GetProperty("visibility").GetString().ShouldBe("live");
        created.Body.GetProperty("lateWindowMs").GetInt32().ShouldBe(0);
        Guid.Parse(created.Id).Version.ShouldBe(7);
        (await host.GetAsync($"polls/{created.Id}")).Content.ShouldBe(created.Content);
    }

    [Fact]
    public async Task Lists_go_from_the_newest_page_by_page_and_by_channel_and_state()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/d", Bodies.Channel);
        var polls = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            polls.Add(await host.NewPollAsync());
            await Task.Delay(2);
        }

        await host.PostAsync("polls", Bodies.Poll(new { channel = "d" }));
        await host.DoAsync(polls[1], "open");
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await host.GetAsync($"polls?channel=c&limit=2&cursor={cursor}")).Body;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        seen.ShouldBe(Enumerable.Reverse(polls));
        (await host.GetAsync("polls?state=open")).Body.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString().ShouldBe(polls[1]);
    }

    private static object Option(string? id) => new { id, label = new { en = "Text" } };
}

public sealed class PollValidationOnSqlite() : PollValidationTests(Sqlite);

public sealed class PollValidationOnPostgres(PostgresFixture postgres) : PollValidationTests(postgres.NewDatabaseAsync);
