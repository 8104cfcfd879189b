using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>What is wrong is told with its code, and changes nothing.</summary>
public sealed class BadInputTests(EmbeddedServerFixture fixture) : IClassFixture<EmbeddedServerFixture>
{
    private readonly FanHubProcess _server = fixture.Server;
    private readonly EditorClient _editor = fixture.Editor;

    [Fact]
    public async Task A_vote_in_an_unknown_poll_is_not_found()
    {
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        (await VoteAsync(fan, Guid.NewGuid().ToString(), ["a"])).ShouldBe(ErrorCodes.NotFound);
        (await VoteAsync(fan, "", ["a"])).ShouldBe(ErrorCodes.NotFound);
        (await VoteAsync(fan, new string('x', 500), ["a"])).ShouldBe(ErrorCodes.NotFound);
    }

    [Fact]
    public async Task A_vote_before_opening_is_not_open_and_after_closing_is_closed()
    {
        var poll = await NewPollAsync();
        await using var fan = await RawFan.ConnectAsync(_server.Address);

        (await VoteAsync(fan, poll, ["a"])).ShouldBe(ErrorCodes.NotOpen);
        await _editor.TellPollAsync(poll, "open");
        await _editor.TellPollAsync(poll, "close");
        (await VoteAsync(fan, poll, ["a"])).ShouldBe(ErrorCodes.Closed);
        await BallotsShouldBeAsync(poll, 0);
    }

    [Theory]
    [InlineData(new[] { "nobody" }, ErrorCodes.UnknownChoice)]
    [InlineData(new[] { "A" }, ErrorCodes.UnknownChoice)]
    [InlineData(new[] { "" }, ErrorCodes.UnknownChoice)]
    [InlineData(new[] { "a", "b" }, ErrorCodes.TooManyChoices)]
    [InlineData(new[] { "a", "b", "nobody" }, ErrorCodes.UnknownChoice)]
    [InlineData(new[] { "a", "a" }, ErrorCodes.Invalid)]
    [InlineData(new string[0], ErrorCodes.Invalid)]
    public async Task Choices_that_the_poll_does_not_allow_are_refused(string[] choices, string code)
    {
        var poll = await OpenPollAsync();
        await using var fan = await RawFan.ConnectAsync(_server.Address);

        (await VoteAsync(fan, poll, choices)).ShouldBe(code);
        await _editor.TellPollAsync(poll, "close");
        await BallotsShouldBeAsync(poll, 0);
    }

    [Fact]
    public async Task A_second_vote_is_refused_and_the_first_one_stands()
    {
        var poll = await OpenPollAsync();
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        (await VoteAsync(fan, poll, ["a"], "first")).ShouldBe("accepted");
        (await VoteAsync(fan, poll, ["a"], "first")).ShouldBe("repeated");
        (await VoteAsync(fan, poll, ["b"], "second")).ShouldBe(ErrorCodes.AlreadyVoted);
        // The same submission with other choices is not the same ballot.
        (await VoteAsync(fan, poll, ["b"], "first")).ShouldBe(ErrorCodes.AlreadyVoted);

        var result = (await _editor.TellPollAsync(poll, "close")).GetProperty("result");
        result.GetProperty("ballots").GetInt64().ShouldBe(1);
        Counts(result).ShouldBe([1, 0, 0]);
    }

    [Theory]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[{"interaction":"x"}]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[{"interaction":"x","choices":"a","submission":"s"}]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[{"interaction":7,"choices":["a"],"submission":"s"}]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[{"interaction":"x","choices":[null],"submission":"s"}]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[{"interaction":"x","choices":["a"],"submission":""}]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Vote","arguments":[1,2,3]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Follow","arguments":[{"channel":null}]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Follow","arguments":[null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Follow","arguments":[{"channel":"medals","locale":"<script>"}]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Unfollow","arguments":[null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Mine","arguments":[null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Mine","arguments":[[null]]}""")]
    public async Task Arguments_that_do_not_fit_are_invalid_and_the_connection_goes_on(string message)
    {
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        await fan.SendAsync(message);
        var completion = await fan.WaitForPushAsync(m => m.GetProperty("type").GetInt32() == 3);
        completion.GetProperty("error").GetString().ShouldStartWith("invalid: ");
        (await fan.InvokeAsync("Now")).GetProperty("result").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_method_that_there_is_not_is_not_found()
    {
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        (await fan.InvokeAsync("Close", "everything")).GetProperty("error").GetString().ShouldStartWith("not_found: ");
    }

    [Theory]
    [InlineData("unknown-channel")]
    [InlineData("NOT A CHANNEL")]
    [InlineData("../../etc")]
    public async Task Following_a_channel_that_there_is_not_is_not_found(string channel)
    {
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        (await fan.InvokeAsync("Follow", new { channel })).GetProperty("error").GetString().ShouldStartWith("not_found: ");
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(_server.Address, $"/api/v1/channels/{Uri.EscapeDataString(channel)}"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_message_that_is_too_large_closes_the_connection_and_says_why()
    {
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        await fan.SendAsync("""{"type":1,"invocationId":"1","target":"Unfollow","arguments":["CHANNEL"]}""".Replace("CHANNEL", new string('x', 9000), StringComparison.Ordinal));
        (await fan.WaitForCloseAsync()).ShouldNotBeNull().ShouldStartWith("too_large: ");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"type\":1,")]
    [InlineData("not JSON at all")]
    [InlineData("[]")]
    [InlineData("{\"type\":\"one\"}")]
    public async Task Malformed_JSON_closes_the_connection_says_why_and_leaves_neighbours_alone(string message)
    {
        await using var neighbour = await RawFan.ConnectAsync(_server.Address);
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        await fan.SendAsync(message);
        (await fan.WaitForCloseAsync()).ShouldNotBeNull().ShouldStartWith("invalid: ");
        (await neighbour.InvokeAsync("Now")).GetProperty("result").GetInt64().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiYXVkIjoiZmFuaHViLWZhbnMiLCJpc3MiOiJmYW5odWIiLCJleHAiOjk5OTk5OTk5OTl9.")]
    public async Task Without_a_good_token_there_is_no_connection(string token)
    {
        var refused = await Should.ThrowAsync<WebSocketException>(() => RawFan.ConnectAsync(_server.Address, token));
        refused.Message.ShouldContain("401");
        using var http = new HttpClient();
        using var negotiation = await http.PostAsync(new Uri(_server.Address, $"/hubs/live/negotiate?negotiateVersion=1&access_token={token}"), content: null);
        (await CodeAsync(negotiation)).ShouldBe(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task A_token_with_a_single_character_changed_is_refused()
    {
        var token = (await RawFan.SessionAsync(_server.Address)).Token;
        var parts = token.Split('.');
        var other = parts[1][^2] == 'A' ? 'B' : 'A';
        var forged = $"{parts[0]}.{parts[1][..^2]}{other}{parts[1][^1]}.{parts[2]}";
        (await Should.ThrowAsync<WebSocketException>(() => RawFan.ConnectAsync(_server.Address, forged))).Message.ShouldContain("401");

        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", forged);
        (await CodeAsync(await http.PostAsync(new Uri(_server.Address, "/api/v1/fans/session"), content: null))).ShouldBe(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task A_token_works_in_the_query_too_and_stays_out_of_the_log()
    {
        var token = (await RawFan.SessionAsync(_server.Address)).Token;
        await using var fan = await RawFan.ConnectAsync(_server.Address, token, inQuery: true);
        (await fan.InvokeAsync("Now")).GetProperty("result").GetInt64().ShouldBeGreaterThan(0);
        _server.Process.Output.ShouldNotContain(token);
        _server.Process.Output.ShouldNotContain("access_token");
    }

    [Fact]
    public async Task A_session_presented_again_stays_the_same_fan()
    {
        var session = await RawFan.SessionAsync(_server.Address);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
        using var again = await http.PostAsync(new Uri(_server.Address, "/api/v1/fans/session"), content: null);
        JsonSerializer.Deserialize<FanSession>(await again.Content.ReadAsStringAsync(), WireJson.Options)!.Fan.ShouldBe(session.Fan);
    }

    [Fact]
    public async Task The_admin_API_is_for_editors()
    {
        using var stranger = new HttpClient { BaseAddress = _server.Address };
        (await CodeAsync(await stranger.GetAsync("/api/v1/admin/polls"))).ShouldBe(ErrorCodes.Unauthorized);
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong-key");
        (await CodeAsync(await stranger.GetAsync("/api/v1/admin/polls"))).ShouldBe(ErrorCodes.Unauthorized);
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await RawFan.SessionAsync(_server.Address)).Token);
        using var fan = await stranger.GetAsync("/api/v1/admin/polls");
        fan.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await CodeAsync(fan)).ShouldBe(ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task A_stale_If_Match_changes_nothing()
    {
        var poll = await NewPollAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"polls/{poll}/open");
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"77\""));
        using var answer = await _editor.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await CodeAsync(answer)).ShouldBe(ErrorCodes.PreconditionFailed);
        (await _editor.GetPollAsync(poll)).GetProperty("state").GetString().ShouldBe("draft");
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest, ErrorCodes.Invalid)]
    [InlineData("[]", HttpStatusCode.BadRequest, ErrorCodes.Invalid)]
    [InlineData("{\"channel\":\"bad-input\",\"titel\":{}}", HttpStatusCode.BadRequest, ErrorCodes.Invalid)]
    [InlineData("{\"channel\":\"bad-input\",\"title\":{\"en\":\"x\"},\"options\":[{\"label\":{\"en\":\"a\"}},{\"label\":{\"en\":\"b\"}}],\"closesAt\":\"9999-12-31T23:59:59.999Z\"}", HttpStatusCode.BadRequest, ErrorCodes.Invalid)]
    [InlineData("{\"channel\":\"bad-input\",\"title\":{\"en\":\"x\"},\"options\":[{\"label\":{\"en\":\"a\"}},{\"label\":{\"en\":\"b\"}}],\"opensAt\":\"2001-01-01T00:00:00Z\"}", HttpStatusCode.BadRequest, ErrorCodes.Invalid)]
    [InlineData("{\"channel\":\"nowhere\",\"title\":{\"en\":\"x\"},\"options\":[{\"label\":{\"en\":\"a\"}},{\"label\":{\"en\":\"b\"}}]}", HttpStatusCode.BadRequest, ErrorCodes.Invalid)]
    public async Task A_poll_that_makes_no_sense_is_refused_with_what_is_wrong(string body, HttpStatusCode status, string code)
    {
        using var answer = await _editor.Http.PostAsync("polls", new StringContent(body, Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(status);
        (await CodeAsync(answer)).ShouldBe(code);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var answer = await _editor.Http.PostAsync("polls", new StringContent($"{{\"channel\":\"{new string('x', 400_000)}\"}}", Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await CodeAsync(answer)).ShouldBe(ErrorCodes.TooLarge);
    }

    [Fact]
    public async Task Ten_thousand_random_calls_leave_the_server_as_it_was()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var poll = await OpenPollAsync();
        string[] targets = ["Follow", "Unfollow", "Vote", "Mine", "Now", "follow", "Dispose", "OnConnectedAsync", ""];
        object?[] values = [null, "", "bad-input", poll, 0, -1, 1.5, true, new[] { "a" }, new { channel = "bad-input" }, new { channel = "bad-input", since = new { epoch = "x", offset = -5 } }, new { channel = "bad-input", since = new { epoch = "", offset = long.MaxValue } }, new { interaction = poll, choices = new[] { "z" }, submission = "s" }, new { interaction = poll, choices = new[] { "a", "b", "c" }, submission = "s" }, new[] { poll, "x", "" }];
        await using var fan = await RawFan.ConnectAsync(_server.Address);
        for (var i = 0; i < 10_000; i++)
        {
            var arguments = Enumerable.Range(0, random.Next(3)).Select(_ => values[random.Next(values.Length)]).ToArray();
            var completion = await fan.InvokeAsync(targets[random.Next(targets.Length)], arguments);
            if (completion.TryGetProperty("error", out var error))
            {
                error.GetString()!.Split(':')[0].ShouldBeOneOf(ErrorCodes.Invalid, ErrorCodes.NotFound, ErrorCodes.UnknownChoice, ErrorCodes.TooManyChoices);
            }
        }

        await _editor.TellPollAsync(poll, "close");
        await BallotsShouldBeAsync(poll, 0);
        _server.Process.Output.Split('\n').Where(l => l.Contains(" ERR ", StringComparison.Ordinal) || l.Contains(" FTL ", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static async Task<string> VoteAsync(RawFan fan, string interaction, string[] choices, string submission = "s")
    {
        var completion = await fan.InvokeAsync("Vote", new { interaction, choices, submission });
        return completion.TryGetProperty("error", out var error) ? error.GetString()!.Split(':')[0] : completion.GetProperty("result").GetProperty("status").GetString()!;
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString();
    }

    private static long[] Counts(JsonElement result) => [.. result.GetProperty("counts").EnumerateObject().Select(c => c.Value.GetInt64())];

    private async Task<string> NewPollAsync()
    {
        await _editor.PutChannelAsync("bad-input");
        return await _editor.CreatePollAsync("bad-input");
    }

    private async Task<string> OpenPollAsync()
    {
        var poll = await NewPollAsync();
        await _editor.TellPollAsync(poll, "open");
        return poll;
    }

    private async Task BallotsShouldBeAsync(string poll, long ballots)
    {
        var result = (await _editor.GetPollAsync(poll)).GetProperty("result");
        result.GetProperty("ballots").GetInt64().ShouldBe(ballots);
        Counts(result).Sum().ShouldBe(ballots);
    }
}
