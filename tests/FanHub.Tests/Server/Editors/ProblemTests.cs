using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Tests.Server.Editors;

public abstract class ProblemTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Theory]
    [InlineData("{", 400, null)]
    [InlineData("", 400, null)]
    [InlineData("null", 400, null)]
    [InlineData("[]", 400, "body")]
    [InlineData("""{"channel":"c","titel":{}}""", 400, "titel")]
    [InlineData("""{"channel":"c","options":[{"lable":{}}]}""", 400, "options[0].lable")]
    [InlineData("""{"channel":7}""", 400, "channel")]
    [InlineData("""{"channel":"c","maxChoices":"1"}""", 400, "maxChoices")]
    [InlineData("""{"channel":"c","maxChoices":99999999999}""", 400, "maxChoices")]
    [InlineData("""{"channel":"c","visibility":"everyone"}""", 400, "visibility")]
    [InlineData("""{"channel":"c","visibility":1}""", 400, "visibility")]
    [InlineData("""{"channel":"c","opensAt":"tomorrow"}""", 400, "opensAt")]
    [InlineData("""{"channel":"c","opensAt":1847822400000}""", 400, "opensAt")]
    [InlineData("""{"channel":"c","opensAt":"2028-07-21T20:00:00"}""", 400, "opensAt")]
    [InlineData("""{"channel":"c","channel":"d"}""", 400, "channel")]
    [InlineData("""{"channel":"\ud800"}""", 400, "channel")]
    public async Task A_body_that_cannot_be_read_is_refused_with_its_place(string body, int status, string? field)
    {
        await using var host = await StartAsync();
        var reply = await host.PostAsync("polls", body);
        reply.Status.ShouldBe(status, reply.Content);
        reply.Code.ShouldBe(ErrorCodes.Invalid);
        reply.ContentType.ShouldBe("application/problem+json");
        reply.Content.ShouldNotContain("FanHub.");
        if (field is not null)
        {
            reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe([field]);
        }

        host.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused_with_or_without_a_length(bool chunked)
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/admin/polls") { Content = new StringContent(new string(' ', (256 * 1024) + 1), null, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await host.Http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(413);
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString().ShouldBe(ErrorCodes.TooLarge);
    }

    [Fact]
    public async Task Wrong_addresses_methods_and_content_types_are_problems_too()
    {
        await using var host = await StartAsync();
        await Expect(await host.GetAsync("nothing"), 404, ErrorCodes.NotFound);
        await Expect(await host.GetAsync($"polls/{Guid.NewGuid()}"), 404, ErrorCodes.NotFound);
        await Expect(await host.PostAsync("polls/nothing/open"), 404, ErrorCodes.NotFound);
        await Expect(await host.SendAsync(HttpMethod.Delete, "polls"), 405, ErrorCodes.Invalid);
        await Expect(await host.GetAsync("polls?limit=many"), 400, ErrorCodes.Invalid);
        await Expect(await host.GetAsync("polls?limit=0"), 400, ErrorCodes.Invalid);
        await Expect(await host.GetAsync("polls?cursor=%25"), 400, ErrorCodes.Invalid);
        await Expect(await host.GetAsync("polls?state=asleep"), 400, ErrorCodes.Invalid);
        using var content = new StringContent("<poll/>", null, "application/xml");
        using var response = await host.Http.PostAsync("/api/v1/admin/polls", content);
        ((int)response.StatusCode).ShouldBe(415);
        host.Logs.Errors.ShouldBeEmpty();

        static Task Expect(Reply reply, int status, string code)
        {
            reply.Status.ShouldBe(status, reply.Content);
            reply.Code.ShouldBe(code);
            reply.Body.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_should_not_have_happened_is_logged_and_tells_nothing()
    {
        FaultyBox? box = null;
        await using var host = await StartAsync(box: real => box = new FaultyBox(real));
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        box!.CrashAfterSeal = true;
        var reply = await host.PostAsync($"polls/{poll}/close");
        reply.Status.ShouldBe(500);
        reply.Code.ShouldBe(ErrorCodes.Internal);
        reply.Content.ShouldNotContain("process");
        host.Logs.Errors.ShouldContain(e => e.Contains(nameof(CrashException), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        await using var host = await StartAsync();
        host.Http.DefaultRequestHeaders.Authorization = null;
        var document = JsonElement.Parse(await host.Http.GetStringAsync("/openapi/v1.json"));
        var paths = document.GetProperty("paths");
        var create = paths.GetProperty("/api/v1/admin/polls").GetProperty("post");
        create.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
        create.GetProperty("security").GetArrayLength().ShouldBe(1);
        create.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString().ShouldEndWith("PollBody");
        create.GetProperty("responses").GetProperty("201").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString().ShouldEndWith("PollView");
        paths.TryGetProperty("/api/v1/admin/polls/{id}/close", out _).ShouldBeTrue();
        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("editor").GetProperty("scheme").GetString().ShouldBe("bearer");
    }
}

public sealed class ProblemOnSqlite() : ProblemTests(Sqlite);

public sealed class ProblemOnPostgres(PostgresFixture postgres) : ProblemTests(postgres.NewDatabaseAsync);
