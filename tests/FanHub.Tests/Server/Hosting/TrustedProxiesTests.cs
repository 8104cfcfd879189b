using System.Net;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Hosting;

/// <summary>Who is believed when a request says that it comes from somebody else.</summary>
public sealed class TrustedProxiesTests
{
    [Fact]
    public async Task By_default_nobody_is_believed_not_even_this_machine() =>
        (await SeenAsync(forwardedFor: "203.0.113.7", [])).ShouldBe("127.0.0.1 http");

    [Fact]
    public async Task A_spoofed_address_from_a_peer_that_is_not_trusted_is_ignored() =>
        (await SeenAsync(forwardedFor: "203.0.113.7", ["10.0.0.0/8"])).ShouldBe("127.0.0.1 http");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    [InlineData("10.0.0.0/8, 127.0.0.1")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    public async Task A_trusted_balancer_is_believed(params string[] trusted) =>
        (await SeenAsync(forwardedFor: "203.0.113.7", trusted)).ShouldBe("203.0.113.7 https");

    [Fact]
    public async Task What_a_client_wrote_before_the_trusted_balancer_added_its_address_is_ignored() =>
        (await SeenAsync(forwardedFor: "198.51.100.1, 203.0.113.7", ["127.0.0.1"])).ShouldBe("203.0.113.7 https");

    [Fact]
    public async Task A_chain_of_trusted_balancers_is_followed_to_the_first_that_is_not() =>
        (await SeenAsync(forwardedFor: "198.51.100.1, 203.0.113.7, 10.1.2.3", ["127.0.0.1", "10.0.0.0/8"])).ShouldBe("203.0.113.7 https");

    [Theory]
    [InlineData("balancer")]
    [InlineData("10.0.0.1-10.0.0.9")]
    [InlineData("10.0.0.0/99")]
    public void What_is_neither_an_address_nor_a_network_is_told_at_start(string entry) =>
        Should.Throw<NodeConfigurationException>(() => NewBuilder([entry]).AddTrustedProxies()).Message.ShouldContain(entry);

    private static async Task<string> SeenAsync(string forwardedFor, string[] trusted)
    {
        var builder = NewBuilder(trusted);
        builder.AddTrustedProxies();
        await using var app = builder.Build();
        app.UseTrustedProxies();
        app.MapGet("/", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}");
        await app.StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Urls.First());
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        request.Headers.Add("X-Forwarded-Proto", string.Join(", ", forwardedFor.Split(',').Select(_ => "https")));
        using var response = await http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>One entry is given as text, several as a list.</summary>
    private static WebApplicationBuilder NewBuilder(string[] trusted)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Configuration.AddInMemoryCollection(trusted.Length == 1
            ? [new(TrustedProxies.Setting, trusted[0])]
            : trusted.Select((t, i) => new KeyValuePair<string, string?>($"{TrustedProxies.Setting}:{i}", t)));
        return builder;
    }
}
