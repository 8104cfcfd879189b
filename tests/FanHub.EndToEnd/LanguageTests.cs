using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>One item, one count, many languages: whatever fans answer.</summary>
public sealed class LanguageTests(EmbeddedServerFixture fixture) : IClassFixture<EmbeddedServerFixture>
{
    private readonly EditorClient _editor = fixture.Editor;

    [Theory]
    [InlineData("polls", "open", "poll")]
    [InlineData("predictions", "open", "prediction")]
    [InlineData("quizzes", "start", "quiz")]
    public async Task A_follower_in_Canadian_French_gets_French_one_in_German_the_default_and_both_are_in_one_count(string resource, string step, string kind)
    {
        var channel = await ChannelAsync();
        var id = await CreateAsync(resource, channel, french: true);
        var french = await FollowAsync(channel, "fr-CA");
        var german = await FollowAsync(channel, "de");
        await _editor.SendAsync(HttpMethod.Post, $"{resource}/{id}/{step}", body: null);

        foreach (var (fan, lang, title, label) in new[] { (french, "fr", "Qui gagne ?", "Anne"), (german, "en", "Who wins?", "Ann") })
        {
            var data = (await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == $"{kind}:{id}")).GetProperty("data");
            data.GetProperty("lang").GetString().ShouldBe(lang);
            data.GetProperty("title").GetString().ShouldBe(title);
            var options = (kind == "quiz" ? data.GetProperty("question") : data).GetProperty("options");
            options[0].GetProperty("label").GetString().ShouldBe(label);
            data.ToString().ShouldNotContain("$t");
            await AnswerAsync(fan, kind, id, "a");
        }

        await _editor.SendAsync(HttpMethod.Post, $"{resource}/{id}/{(kind == "prediction" ? "lock" : "close")}", body: null);
        var view = await _editor.SendAsync(HttpMethod.Get, $"{resource}/{id}", body: null);
        var result = (kind == "quiz" ? view.GetProperty("questions")[0] : view).GetProperty("result");
        result.GetProperty("counts").GetProperty("a").GetInt64().ShouldBe(2);
        result.GetProperty("ballots").GetInt64().ShouldBe(2);
        await french.DisposeAsync();
        await german.DisposeAsync();
    }

    [Theory]
    [InlineData("polls", "open", "options[0].label")]
    [InlineData("predictions", "open", "options[0].label")]
    [InlineData("quizzes", "start", "questions[0].options[0].label")]
    [InlineData("announcements", "publish", "text")]
    public async Task What_lacks_a_required_language_is_not_published_and_the_refusal_names_it(string resource, string step, string field)
    {
        var channel = await ChannelAsync("fr", "ar");
        var id = await CreateAsync(resource, channel, french: true);
        using var response = await _editor.Http.PostAsync($"{resource}/{id}/{step}", content: null);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        problem.GetProperty("code").GetString().ShouldBe("invalid");
        problem.GetProperty("errors").GetProperty(field)[0].GetString().ShouldBe("lacks ar, which the channel requires");
        problem.GetProperty("errors").GetProperty("title")[0].GetString()!.ShouldContain("ar");
        (await _editor.SendAsync(HttpMethod.Get, $"{resource}/{id}", body: null)).GetProperty("state").GetString().ShouldBe("draft");
    }

    private static JsonObject Text(string en, string fr, bool french) => french ? new() { ["en"] = en, ["fr"] = fr } : new() { ["en"] = en };

    private async Task<string> ChannelAsync(params string[] required)
    {
        var channel = $"lang-{Guid.NewGuid():N}";
        await _editor.SendAsync(
            HttpMethod.Put,
            $"channels/{channel}",
            new JsonObject { ["title"] = new JsonObject { ["en"] = "Channel" }, ["defaultLocale"] = "en", ["requiredLocales"] = new JsonArray([.. required.Select(r => JsonValue.Create(r))]) });
        return channel;
    }

    private async Task<string> CreateAsync(string resource, string channel, bool french)
    {
        var options = new JsonArray(
            new JsonObject { ["id"] = "a", ["label"] = Text("Ann", "Anne", french) },
            new JsonObject { ["id"] = "b", ["label"] = Text("Bea", "Béa", french) });
        var body = new JsonObject { ["channel"] = channel, ["title"] = Text("Who wins?", "Qui gagne ?", french) };
        if (resource == "quizzes")
        {
            body["questions"] = new JsonArray(new JsonObject { ["id"] = "q1", ["text"] = Text("One?", "Un ?", french), ["options"] = options, ["correct"] = new JsonArray("a"), ["seconds"] = 60 });
        }
        else if (resource == "announcements")
        {
            body["text"] = Text("Text", "Texte", french);
        }
        else
        {
            body["options"] = options;
        }

        return (await _editor.SendAsync(HttpMethod.Post, resource, body)).GetProperty("id").GetString()!;
    }

    private async Task<RawFan> FollowAsync(string channel, string locale)
    {
        var fan = await RawFan.ConnectAsync(fixture.Server.Address, (await RawFan.SessionAsync(fixture.Server.Address)).Token);
        (await fan.InvokeAsync("Follow", new { channel, locale })).TryGetProperty("result", out _).ShouldBeTrue();
        return fan;
    }

    private static async Task AnswerAsync(RawFan fan, string kind, string id, string choice)
    {
        var reply = kind == "quiz"
            ? await fan.InvokeAsync("Answer", new { quiz = id, question = "q1", choices = new[] { choice }, submission = "s" })
            : await fan.InvokeAsync("Vote", new { interaction = id, choices = new[] { choice }, submission = "s" });
        reply.GetProperty("result").GetProperty("status").GetString().ShouldBe("accepted");
    }
}
