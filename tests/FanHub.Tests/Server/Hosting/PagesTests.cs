using System.Net;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FanHub.Tests.Server.Hosting;

/// <summary>Which pages a node serves, and what it says about them to browsers.</summary>
public sealed class PagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fanhub-pages-").FullName;

    public PagesTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "assets"));
        Directory.CreateDirectory(Path.Combine(_folder, "console", "assets"));
        Write("the fans' page", "index.html");
        Write("fans", "assets", "fan-1.js");
        Write("the editors' page", "console", "index.html");
        Write("editors", "console", "assets", "console-1.js");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, true, "the fans' page", "the editors' page")]
    [InlineData(true, false, "the fans' page", null)]
    [InlineData(false, true, null, "the editors' page")]
    public async Task A_node_serves_the_pages_of_its_roles_and_no_others(bool fans, bool editors, string? fanPage, string? console)
    {
        await using var app = await StartAsync(fans, editors);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        (await ReadAsync(http, "/")).ShouldBe(fanPage);
        (await ReadAsync(http, "/index.html")).ShouldBe(fanPage);
        (await ReadAsync(http, "/assets/fan-1.js")).ShouldBe(fans ? "fans" : null);
        (await ReadAsync(http, "/console/")).ShouldBe(console);
        (await ReadAsync(http, "/console")).ShouldBe(console, "without its slash it is sent to where its files are found");
        (await ReadAsync(http, "/console/index.html")).ShouldBe(console);
        (await ReadAsync(http, "/console/assets/console-1.js")).ShouldBe(editors ? "editors" : null);
    }

    [Theory]
    [InlineData("/", "no-cache")]
    [InlineData("/assets/fan-1.js", "public, max-age=31536000, immutable")]
    [InlineData("/console/", "no-cache")]
    [InlineData("/console/assets/console-1.js", "public, max-age=31536000, immutable")]
    public async Task Browsers_may_run_nothing_that_is_not_the_servers_own_and_keep_only_what_never_changes(string path, string cache)
    {
        await using var app = await StartAsync(fans: true, editors: true);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var response = await http.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.CacheControl!.ToString().ShouldBe(cache);
    }

    private async Task<WebApplication> StartAsync(bool fans, bool editors)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { WebRootPath = _folder });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.AddPages();
        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UsePages(new Node { ServesFans = fans, ServesEditors = editors, DataDirectory = _folder, Redis = "unused", KeyPrefix = "unused" });
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>What is at an address; null where there is nothing.</summary>
    private static async Task<string?> ReadAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(path);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private void Write(string text, params string[] path) => File.WriteAllText(Path.Combine([_folder, .. path]), text);
}
