using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>What goes through the balancer, to whom, and what it keeps to itself.</summary>
public sealed class BalancerTests : IAsyncLifetime
{
    private const int SessionsAtOnce = 3;
    private TestCluster _cluster = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["FanHub:Limits:SessionBurst"] = $"{SessionsAtOnce}",
            ["FanHub:Limits:SessionsPerSecond"] = "0.01",
        });
        _http = From(IPAddress.Loopback);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Fans_and_editors_reach_their_nodes_and_tokens_are_in_no_log()
    {
        // The pages, and a channel that an editor makes and a fan follows.
        (await _http.GetAsync("/")).EnsureSuccessStatusCode();
        (await _http.GetAsync("/console/")).EnsureSuccessStatusCode();
        (await _http.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        (await _http.GetAsync("/openapi/v1.json")).EnsureSuccessStatusCode();
        (await _http.PostAsync("/api/v1/feeds/odf", content: null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var editor = new EditorClient(_cluster.Address);
        await editor.PutChannelAsync("medals");
        var poll = await editor.CreatePollAsync("medals");
        var token = (await RawFan.SessionAsync(_cluster.Address)).Token;
        await using (var fan = await RawFan.ConnectAsync(_cluster.Address, token, inQuery: true))
        {
            (await fan.InvokeAsync("Follow", new { channel = "medals" })).TryGetProperty("result", out _).ShouldBeTrue();
            await editor.TellPollAsync(poll, "open");
            await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == $"poll:{poll}");
            (await _http.GetAsync("/api/v1/channels/medals")).EnsureSuccessStatusCode();
        }

        // Negotiated at one node, connected to any: ten times, so that it was not luck.
        for (var i = 0; i < 10; i++)
        {
            using var negotiate = new HttpRequestMessage(HttpMethod.Post, "/hubs/live/negotiate?negotiateVersion=1") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            using var negotiated = await _http.SendAsync(negotiate);
            var id = JsonSerializer.Deserialize<JsonElement>(await negotiated.Content.ReadAsStringAsync()).GetProperty("connectionToken").GetString();
            await using var fan = await RawFan.ConnectAsync(_cluster.Address, $"{token}&id={id}", inQuery: true);
            (await fan.InvokeAsync("Now")).GetProperty("result").GetInt64().ShouldBeGreaterThan(0);
        }

        // An editor node dies: editors notice nothing. Then the fan nodes: whoever comes is refused, and what came with them is kept quiet about.
        await _cluster.EditorNodes[0].KillAsync();
        for (var i = 0; i < 10; i++)
        {
            (await editor.GetPollAsync(poll)).GetProperty("state").GetString().ShouldBe("open");
        }

        foreach (var node in _cluster.FanNodes)
        {
            await node.KillAsync();
        }

        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(() => RawFan.ConnectAsync(_cluster.Address, token, inQuery: true));
        using (var refused = await _http.GetAsync("/api/v1/channels/medals"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
            refused.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
            JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString().ShouldBe(ErrorCodes.Unavailable);
        }

        using (var refused = await _http.GetAsync($"/{new string('a', 40_000)}"))
        {
            JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString().ShouldBe(ErrorCodes.TooLarge);
        }

        var log = _cluster.Balancer.Process.Output;
        log.ShouldContain("GET /hubs/live 101");
        log.ShouldContain("GET /hubs/live 502");
        log.ShouldNotContain("access_token");
        log.ShouldNotContain(token);

        // Back again, on the same ports.
        await _cluster.FanNodes[1].StartAsync();
        await using var back = await Eventually.GetAsync(() => RawFan.ConnectAsync(_cluster.Address, token, inQuery: true));
        (await back.InvokeAsync("Follow", new { channel = "medals" })).TryGetProperty("result", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Sessions_are_limited_for_each_address_that_the_balancer_saw_whatever_the_client_says_it_is()
    {
        // Each node counts for itself.
        const int Allowed = SessionsAtOnce * 2;
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < Allowed * 3; i++)
        {
            answers.Add(await StartSessionAsync(_http, saysItIs: $"203.0.113.{i}"));
        }

        answers.Count(a => a == HttpStatusCode.OK).ShouldBeInRange(SessionsAtOnce, Allowed);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);

        using var other = From(IPAddress.Parse("127.0.0.2"));
        (await StartSessionAsync(other, saysItIs: "127.0.0.1")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> StartSessionAsync(HttpClient http, string saysItIs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/fans/session");
        request.Headers.Add("X-Forwarded-For", saysItIs);
        using var response = await http.SendAsync(request);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString().ShouldBe(ErrorCodes.RateLimited);
        }

        return response.StatusCode;
    }

    private HttpClient From(IPAddress address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = _cluster.Address };
}
