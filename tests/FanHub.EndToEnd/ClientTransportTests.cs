using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Testing;
using Microsoft.Playwright;

namespace FanHub.EndToEnd;

/// <summary>Real clients over WebSockets of our own; and over SignalR's transports, which are still there for whom they are not for.</summary>
public sealed class ClientTransportTests : IAsyncLifetime
{
    private const string Channel = "clients";

    /// <summary>What SignalR's own WebSockets log when one opens. Ours say nothing.</summary>
    private const string StockSocketOpened = "Socket opened using Sub-Protocol";

    private static readonly Dictionary<string, string?> Telling = new(StringComparer.Ordinal)
    {
        ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore.Http.Connections"] = "Debug",
        ["FanHub:Drain:Window"] = "00:00:01",
    };

    private FanHubProcess _server = null!;
    private EditorClient _editor = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FanHubProcess.StartNewAsync(Telling);
        _editor = new EditorClient(_server.Address);
        await _editor.PutChannelAsync(Channel);
    }

    public async ValueTask DisposeAsync()
    {
        _editor.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_official_JavaScript_client_has_our_WebSockets_and_comes_back_when_the_server_has_closed_them(bool negotiate)
    {
        await using var fan = await ConnectedClient.StartAsync(_server.Address, "WebSockets", negotiate);
        await ShouldGetUpdatesAsync(fan);

        (await _server.StopAsync()).ShouldBe(0);
        await fan.WaitForAsync("reconnecting");
        ShouldHaveOurs();
        await _server.StartAsync();
        await fan.WaitForAsync("reconnected");
        await ShouldGetUpdatesAsync(fan);
        ShouldHaveOurs();

        await _server.KillAsync();
        await _server.StartAsync();
        await Eventually.TrueAsync(() => fan.Events.Count(e => e == "reconnected") == 2, "it comes back after a crash, too");
        await ShouldGetUpdatesAsync(fan);
        ShouldHaveOurs();
    }

    [Theory]
    [InlineData("ServerSentEvents")]
    [InlineData("LongPolling")]
    public async Task Who_cannot_have_WebSockets_has_SignalRs_other_transports(string transport)
    {
        await using var fan = await ConnectedClient.StartAsync(_server.Address, transport, negotiate: true);
        await ShouldGetUpdatesAsync(fan);
        _server.Process.Output.ShouldContain("Establishing new connection");
        ShouldHaveOurs();
    }

    [Theory]
    [InlineData("WebSockets", false)]
    [InlineData("WebSockets", true)]
    [InlineData("ServerSentEvents", true)]
    [InlineData("LongPolling", true)]
    public async Task Where_TLS_ends_in_the_server_the_transports_are_SignalRs_own(string transport, bool negotiate)
    {
        var file = Path.Combine(_server.Folder, "certificate.pfx");
        using (var key = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, "for-this-test"));
        }

        var (secure, plain) = (FreePort.Find(), FreePort.Find());
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(Telling, StringComparer.Ordinal)
        {
            ["Kestrel:Endpoints:Secure:Url"] = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{secure}"),
            ["Kestrel:Endpoints:Secure:Certificate:Path"] = file,
            ["Kestrel:Endpoints:Secure:Certificate:Password"] = "for-this-test",
            ["Kestrel:Endpoints:Plain:Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{plain}"),
        });
        var http = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{plain}"));
        using var editor = new EditorClient(http);
        await editor.PutChannelAsync(Channel);
        var token = (await RawFan.SessionAsync(http)).Token;
        await using (var fan = await ConnectedClient.StartAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{secure}")), transport, negotiate, token))
        {
            await ShouldGetUpdatesAsync(fan, editor);
        }

        server.Process.Output.Contains(StockSocketOpened, StringComparison.Ordinal).ShouldBe(string.Equals(transport, "WebSockets", StringComparison.Ordinal));

        // The other endpoint of the same server is not concerned.
        await using var raw = await RawFan.ConnectAsync(http, token);
        (await raw.InvokeAsync("Now")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Our_client_for_dotnet_has_our_WebSockets_and_comes_back()
    {
        using var http = new HttpClient();
        await using var fan = await JourneyFan.JoinAsync(Channel, http, _server.Address);
        (await _server.StopAsync()).ShouldBe(0);
        ShouldHaveOurs();
        await _server.StartAsync();
        var poll = await _editor.CreatePollAsync(Channel);
        await _editor.TellPollAsync(poll, "open");
        await Eventually.TrueAsync(() => fan.Poll(poll) is { State: PublicState.Open }, "it is back, and sees the poll");
        ShouldHaveOurs();
    }

    [Fact]
    public async Task Our_client_for_browsers_has_our_WebSockets_in_Chromium_and_comes_back()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var sockets = new ConcurrentQueue<string>();
        page.WebSocket += (_, socket) => sockets.Enqueue(socket.Url);
        await page.GotoAsync(new Uri(_server.Address, $"/?channel={Channel}").ToString());
        await Assertions.Expect(page.Locator("#status")).ToHaveAttributeAsync("data-status", "live", new LocatorAssertionsToHaveAttributeOptions { Timeout = 15_000 });
        (await _server.StopAsync()).ShouldBe(0);
        ShouldHaveOurs();
        await _server.StartAsync();
        var poll = await _editor.CreatePollAsync(Channel);
        await _editor.TellPollAsync(poll, "open");
        await Assertions.Expect(page.Locator($"[data-poll='{poll}']")).ToHaveAttributeAsync("data-state", "open", new LocatorAssertionsToHaveAttributeOptions { Timeout = 30_000 });
        sockets.Count(s => s.Contains(HubMethods.Path, StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(2);
        ShouldHaveOurs();
    }

    private void ShouldHaveOurs() => _server.Process.Output.ShouldNotContain(StockSocketOpened);

    private async Task ShouldGetUpdatesAsync(ConnectedClient fan, EditorClient? editor = null)
    {
        editor ??= _editor;
        var poll = await editor.CreatePollAsync(Channel);
        await editor.TellPollAsync(poll, "open");
        await fan.WaitForAsync($"update poll:{poll}");
    }

    /// <summary>A fan on the official JavaScript client, in a Node.js process (<c>scripts/connect.mjs</c>).</summary>
    private sealed class ConnectedClient : IAsyncDisposable
    {
        private ChildProcess? _process;

        /// <summary>What happened to it, in order.</summary>
        public ConcurrentQueue<string> Events { get; } = new();

        public static async Task<ConnectedClient> StartAsync(Uri address, string transport, bool negotiate, string? token = null)
        {
            token ??= (await RawFan.SessionAsync(address)).Token;
            var client = new ConnectedClient();
            string[] arguments =
            [
                Repository.PathOf("tests", "FanHub.EndToEnd", "scripts", "connect.mjs"), Repository.PathOf("src", "web"), address.ToString().TrimEnd('/'), token, Channel, transport, negotiate ? "true" : "false",
            ];
            var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                environment["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
            }

            client._process = await ChildProcess.StartAsync("node", arguments, environment, onLine: line =>
            {
                if (line.StartsWith('{'))
                {
                    var happened = JsonSerializer.Deserialize<JsonElement>(line);
                    client.Events.Enqueue(happened.GetProperty("event").GetString() + (happened.TryGetProperty("key", out var key) ? $" {key.GetString()}" : ""));
                }
            });
            await client.WaitForAsync("connected");
            return client;
        }

        public Task WaitForAsync(string what) => Eventually.TrueAsync(() => Events.Contains(what), $"it says '{what}'; it says {_process!.Output}", TimeSpan.FromSeconds(30));

        public ValueTask DisposeAsync() => _process!.DisposeAsync();
    }
}
