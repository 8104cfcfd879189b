using FanHub.Contracts;

namespace FanHub.Tests.Server.Channels;

public abstract class ChannelTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task A_channel_is_made_then_changed_and_can_be_followed_at_once()
    {
        await using var host = await StartAsync();
        var made = await host.PutAsync("channels/athletics.mens-100m", new { title = new { en = "100 m", fr = "100 m" }, defaultLocale = "en", requiredLocales = new[] { "fr" } });
        made.Status.ShouldBe(201);
        made.ETag.ShouldBe("\"1\"");
        made.Headers.Location!.ToString().ShouldBe("/api/v1/admin/channels/athletics.mens-100m");
        (await host.Log.HeadsAsync(["athletics.mens-100m"]))[0].ShouldNotBeNull();

        var changed = await host.PutAsync("channels/athletics.mens-100m", Bodies.Channel, ("If-Match", "\"1\""));
        changed.Status.ShouldBe(200);
        changed.Body.GetProperty("requiredLocales").GetArrayLength().ShouldBe(0);
        (await host.GetAsync("channels/athletics.mens-100m")).Content.ShouldBe(changed.Content);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData(".dot-first")]
    [InlineData("with%20space")]
    [InlineData("x%0A")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public async Task An_id_of_another_form_is_invalid(string id)
    {
        await using var host = await StartAsync();
        var reply = await host.PutAsync($"channels/{id}", Bodies.Channel);
        reply.Code.ShouldBe(ErrorCodes.Invalid);
        reply.Body.GetProperty("errors").TryGetProperty("id", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task All_mistakes_are_named_at_once()
    {
        await using var host = await StartAsync();
        var reply = await host.PutAsync("channels/C", """{"title":{"fr":"x"},"defaultLocale":"en","requiredLocales":["fr","FR","?"]}""");
        reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["id", "requiredLocales", "requiredLocales[2]", "title"], ignoreOrder: true);
        (await host.PutAsync("channels/c", "{}")).Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["defaultLocale", "title"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("polls", "open", "poll")]
    [InlineData("predictions", "open", "prediction")]
    [InlineData("quizzes", "start", "quiz")]
    [InlineData("announcements", "publish", "announcement")]
    public async Task A_language_that_something_scheduled_lacks_cannot_be_required(string resource, string step, string kind)
    {
        await using var host = await StartAsync();
        (await host.PutAsync("channels/c", Bodies.Channel)).Status.ShouldBe(201);
        var opensAt = DateTimeOffset.UtcNow.AddHours(1);
        var body = resource switch
        {
            "quizzes" => Quizzes.QuizBodies.Quiz(new { opensAt }),
            "announcements" => new Dictionary<string, object?>(StringComparer.Ordinal) { ["channel"] = "c", ["title"] = new { en = "News" }, ["opensAt"] = opensAt },
            _ => Bodies.Poll(new { opensAt }),
        };
        var item = await host.PostAsync(resource, body);
        (await host.PostAsync($"{resource}/{item.Id}/{step}")).State.ShouldBe("scheduled");

        var stricter = new { title = new { en = "Channel" }, defaultLocale = "en", requiredLocales = new[] { "fr" } };
        var refused = await host.PutAsync("channels/c", stricter);
        refused.Code.ShouldBe("invalid");
        refused.Body.GetProperty("errors").GetProperty("requiredLocales")[0].GetString()!.ShouldContain($"{kind} {item.Id} is scheduled");
        refused.Content.ShouldContain("lacks fr");
        (await host.PostAsync($"{resource}/{item.Id}/cancel")).Status.ShouldBe(200);
        (await host.PutAsync("channels/c", stricter)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Channels_are_listed_by_id_page_by_page()
    {
        await using var host = await StartAsync();
        foreach (var id in new[] { "b", "a", "c" })
        {
            await host.PutAsync($"channels/{id}", Bodies.Channel);
        }

        var first = (await host.GetAsync("channels?limit=2")).Body;
        first.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["a", "b"]);
        var second = (await host.GetAsync($"channels?limit=2&cursor={first.GetProperty("next").GetString()}")).Body;
        second.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["c"]);
        second.TryGetProperty("next", out _).ShouldBeFalse();
    }
}

public sealed class ChannelOnSqlite() : ChannelTests(Sqlite);

public sealed class ChannelOnPostgres(PostgresFixture postgres) : ChannelTests(postgres.NewDatabaseAsync);
