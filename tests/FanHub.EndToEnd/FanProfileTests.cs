using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>What fans are called, over HTTP: on a server that runs alone, and on a node that serves fans and nothing else.</summary>
public sealed class FanProfileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fan_chooses_a_name_changes_it_and_takes_it_back(bool scaledOut)
    {
        await using var redis = scaledOut ? await RedisServer.StartNewAsync() : null;
        await using var node = await FanHubProcess.StartNewAsync(redis is null ? null : Settings.Node(redis, "fan"));
        var session = await RawFan.SessionAsync(node.Address);
        using var fan = new Me(node.Address, session.Token);
        var called = $"Fan {session.Fan[^4..]}";

        (await fan.GetAsync()).ShouldBe(new FanProfile(session.Fan, called, Chosen: false));
        (await fan.PutAsync("""{"name":"  Zoe\u0308 🏅 "}""")).ShouldBe(new FanProfile(session.Fan, "Zoë 🏅", Chosen: true));
        (await fan.PutAsync("""{"name":"अना"}""")).ShouldBe(new FanProfile(session.Fan, "अना", Chosen: true));
        (await fan.GetAsync()).ShouldBe(new FanProfile(session.Fan, "अना", Chosen: true));
        (await fan.PutAsync("""{"name":null}""")).ShouldBe(new FanProfile(session.Fan, called, Chosen: false));
        (await fan.GetAsync()).ShouldBe(new FanProfile(session.Fan, called, Chosen: false));
    }

    [Fact]
    public async Task What_cannot_be_a_name_is_refused_with_what_to_change()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var node = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(Settings.Node(redis, "fan"), StringComparer.Ordinal) { ["FanHub:Names:Blocked:0"] = "doper" });
        using var fan = new Me(node.Address, (await RawFan.SessionAsync(node.Address)).Token);

        (await fan.RefusedAsync("""{"name":"D0per"}""")).ShouldBe((HttpStatusCode.BadRequest, ErrorCodes.Invalid, "name has a word in it, or something that reads like one, that is not allowed here; choose another name."));
        (await fan.RefusedAsync("""{"name":"Fan 1234"}""")).Code.ShouldBe(ErrorCodes.Invalid);
        (await fan.RefusedAsync("""{"name":"\ud83c"}""")).Code.ShouldBe(ErrorCodes.Invalid);
        (await fan.RefusedAsync("""{"name":7}""")).Code.ShouldBe(ErrorCodes.Invalid);
        (await fan.RefusedAsync("""{"title":"Ana"}""")).Code.ShouldBe(ErrorCodes.Invalid);
        (await fan.RefusedAsync("{}")).ShouldBe((HttpStatusCode.BadRequest, ErrorCodes.Invalid, "name is needed."));
        (await fan.RefusedAsync("")).Code.ShouldBe(ErrorCodes.Invalid);
        (await fan.RefusedAsync($$"""{"name":"{{new string('a', 5000)}}"}""")).ShouldBe((HttpStatusCode.RequestEntityTooLarge, ErrorCodes.TooLarge, "The body is larger than allowed."));
        (await fan.GetAsync()).Chosen.ShouldBeFalse();

        using var stranger = new Me(node.Address, "no-token");
        (await stranger.RefusedAsync("""{"name":"Ana"}""")).Code.ShouldBe(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Names_are_limited_for_each_fan()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Limits:Enabled"] = "true", ["FanHub:Limits:NamesPerSecond"] = "0.001" });
        using var fan = new Me(server.Address, (await RawFan.SessionAsync(server.Address)).Token);
        for (var i = 0; i < 5; i++)
        {
            await fan.PutAsync($$"""{"name":"Ana {{i}}"}""");
        }

        var (status, code, _) = await fan.RefusedAsync("""{"name":"Ana"}""");
        (status, code).ShouldBe((HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited));
        (await fan.GetAsync()).Name.ShouldBe("Ana 4");
        using var other = new Me(server.Address, (await RawFan.SessionAsync(server.Address)).Token);
        (await other.PutAsync("""{"name":"Ana"}""")).Name.ShouldBe("Ana");
    }

    [Fact]
    public async Task While_Redis_does_not_answer_names_are_unavailable_and_those_forgotten_stay_refused()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var node = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        using var fan = new Me(node.Address, (await RawFan.SessionAsync(node.Address)).Token);
        using var gone = new Me(node.Address, (await RawFan.SessionAsync(node.Address)).Token);
        (await gone.DeleteAsync()).ShouldBe(HttpStatusCode.NoContent);

        await redis.PauseAsync();
        (await fan.RefusedAsync("""{"name":"Ana"}""")).Code.ShouldBe(ErrorCodes.Unavailable);
        (await gone.RefusedAsync("""{"name":"Ana"}""")).Code.ShouldBe(ErrorCodes.Unauthorized);
        (await fan.DeleteAsync()).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await redis.ResumeAsync();

        await Eventually.TrueAsync(async () => await fan.DeleteAsync() is HttpStatusCode.NoContent or HttpStatusCode.Unauthorized, "the fan is forgotten when Redis answers again");
        (await fan.RefusedAsync("""{"name":"Ana"}""")).Code.ShouldBe(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task A_node_that_starts_while_Redis_is_away_lets_no_token_in_until_it_knows_who_is_forgotten()
    {
        var settings = (RedisServer redis) => new Dictionary<string, string?>(Settings.Node(redis, "fan"), StringComparer.Ordinal) { ["FanHub:Sessions:SigningKey"] = Convert.ToBase64String(new byte[32]) };
        await using var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var node = await FanHubProcess.StartNewAsync(settings(redis));
        var (kept, forgotten) = ((await RawFan.SessionAsync(node.Address)).Token, (await RawFan.SessionAsync(node.Address)).Token);
        using (var gone = new Me(node.Address, forgotten))
        {
            (await gone.DeleteAsync()).ShouldBe(HttpStatusCode.NoContent);
        }

        await redis.KillAsync();
        await using var late = await FanHubProcess.StartNewAsync(settings(redis));
        using (var fan = new Me(late.Address, forgotten))
        {
            (await fan.RefusedAsync("""{"name":"Ana"}""")).Code.ShouldBe(ErrorCodes.Unavailable);
            (await fan.RenewAsync()).ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        using var http = new HttpClient { BaseAddress = late.Address };
        (await http.GetStringAsync("/health/live")).ShouldContain("Healthy");
        using (var ready = await http.GetAsync("/health/ready"))
        {
            (await ready.Content.ReadAsStringAsync()).ShouldContain("forgotten");
        }

        await redis.StartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var ready = await http.GetAsync("/health/ready");
                return ready.IsSuccessStatusCode;
            },
            "the node is ready");
        using var refused = new Me(late.Address, forgotten);
        (await refused.RenewAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        using var taken = new Me(late.Address, kept);
        (await taken.PutAsync("""{"name":"Ana"}""")).Name.ShouldBe("Ana");
    }
}

/// <summary>A fan's own page, over HTTP.</summary>
internal sealed class Me : IDisposable
{
    private readonly HttpClient _http;

    public Me(Uri node, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri(node, "/api/v1/fans/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<FanProfile> GetAsync() => Read(await _http.GetAsync("me"));

    public async Task<FanProfile> PutAsync(string body) => Read(await SendAsync(body));

    public async Task<(HttpStatusCode Status, string Code, string Detail)> RefusedAsync(string body)
    {
        using var response = await SendAsync(body);
        response.IsSuccessStatusCode.ShouldBeFalse();
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, problem.GetProperty("code").GetString()!, problem.GetProperty("detail").GetString()!);
    }

    public async Task<HttpStatusCode> DeleteAsync()
    {
        using var response = await _http.DeleteAsync("me");
        return response.StatusCode;
    }

    public async Task<HttpStatusCode> RenewAsync()
    {
        using var response = await _http.PostAsync("session", content: null);
        return response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> SendAsync(string body) => _http.PutAsync("me", new StringContent(body, Encoding.UTF8, "application/json"));

    private static FanProfile Read(HttpResponseMessage response)
    {
        using (response)
        {
            var body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            return JsonSerializer.Deserialize<FanProfile>(body, WireJson.Options)!;
        }
    }
}
