using FanHub.Testing;
using Microsoft.Playwright;

namespace FanHub.EndToEnd;

/// <summary>The page in a real browser.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Channel = "athletics.mens-100m";

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private FanHubProcess _server = null!;
    private EditorClient _editor = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FanHubProcess.StartNewAsync();
        _editor = new EditorClient(_server.Address);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
        await _editor.PutChannelAsync(Channel);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _editor.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Two_pages_see_a_vote_and_after_a_restart_of_the_server_they_catch_up_by_themselves()
    {
        var poll = await _editor.CreatePollAsync(Channel);
        await _editor.TellPollAsync(poll, "open");
        var voter = await OpenAsync(new BrowserNewContextOptions { Locale = "en", ViewportSize = new ViewportSize { Width = 390, Height = 844 } });
        var onlooker = await OpenAsync(new BrowserNewContextOptions { Locale = "fr", ColorScheme = ColorScheme.Dark });
        await Assertions.Expect(onlooker.Locator($"[data-poll='{poll}'] h2")).ToHaveTextAsync("Qui gagne ?");
        await Assertions.Expect(voter.Locator($"[data-poll='{poll}'] h2")).ToHaveTextAsync("Who wins?");

        await voter.Locator($"[data-poll='{poll}'] [data-option='b'] input").CheckAsync(new LocatorCheckOptions { Force = true });
        await voter.Locator($"[data-poll='{poll}'] button[type=submit]").ClickAsync();

        foreach (var page in (IPage[])[voter, onlooker])
        {
            await Assertions.Expect(page.Locator($"[data-poll='{poll}'] [data-option='b'] [data-count]")).ToHaveAttributeAsync("data-count", "1");
            await Assertions.Expect(page.Locator($"[data-poll='{poll}'] [data-option='a'] [data-count]")).ToHaveAttributeAsync("data-count", "0");
        }

        await Assertions.Expect(voter.Locator($"[data-poll='{poll}']")).ToHaveAttributeAsync("data-voted", "");

        await _server.KillAsync();
        await Assertions.Expect(onlooker.Locator("#status")).Not.ToHaveAttributeAsync("data-status", "live");
        await _server.StartAsync();
        var next = await _editor.CreatePollAsync(Channel);
        await _editor.TellPollAsync(next, "open");
        await _editor.TellPollAsync(poll, "close");

        foreach (var page in (IPage[])[voter, onlooker])
        {
            await Assertions.Expect(page.Locator("#status")).ToHaveAttributeAsync("data-status", "live", new LocatorAssertionsToHaveAttributeOptions { Timeout = 30_000 });
            await Assertions.Expect(page.Locator($"[data-poll='{next}']")).ToHaveAttributeAsync("data-state", "open");
            await Assertions.Expect(page.Locator($"[data-poll='{poll}']")).ToHaveAttributeAsync("data-state", "closed");
            await Assertions.Expect(page.Locator($"[data-poll='{poll}'] [data-option='b'] [data-count]")).ToHaveAttributeAsync("data-count", "1");
        }

        // A reloaded page knows what its fan answered.
        await voter.ReloadAsync();
        await Assertions.Expect(voter.Locator($"[data-poll='{poll}'] [data-option='b']")).ToHaveAttributeAsync("data-own", "");
    }

    [Fact]
    public async Task A_count_that_only_voters_may_see_shows_to_voters_only_until_it_is_revealed()
    {
        var poll = await _editor.CreatePollAsync(Channel, body => body["visibility"] = "after_vote");
        await _editor.TellPollAsync(poll, "open");
        var voter = await OpenAsync();
        var onlooker = await OpenAsync();
        await voter.Locator($"[data-poll='{poll}'] [data-option='a'] input").CheckAsync(new LocatorCheckOptions { Force = true });
        await voter.Locator($"[data-poll='{poll}'] button[type=submit]").ClickAsync();
        var seenByVoter = voter.Locator($"[data-poll='{poll}'] [data-option='a'] [data-count]");
        var seenByOnlooker = onlooker.Locator($"[data-poll='{poll}'] [data-option='a'] [data-count]");

        await Assertions.Expect(seenByVoter).ToHaveAttributeAsync("data-count", "1");
        await _editor.TellPollAsync(poll, "close");
        await Assertions.Expect(onlooker.Locator($"[data-poll='{poll}']")).ToHaveAttributeAsync("data-state", "closed");
        await Assertions.Expect(seenByOnlooker).ToHaveAttributeAsync("data-count", "");
        await voter.ReloadAsync();
        await Assertions.Expect(seenByVoter).ToHaveAttributeAsync("data-count", "1");

        await _editor.TellPollAsync(poll, "reveal");
        await Assertions.Expect(seenByOnlooker).ToHaveAttributeAsync("data-count", "1");
    }

    [Fact]
    public async Task Markup_in_an_editors_text_is_shown_as_text()
    {
        var poll = await _editor.CreatePollAsync(Channel, body => body["title"] = new System.Text.Json.Nodes.JsonObject { ["en"] = "<img src=x onerror=\"document.title='owned'\">" });
        await _editor.TellPollAsync(poll, "open");
        var page = await OpenAsync();
        await Assertions.Expect(page.Locator($"[data-poll='{poll}'] h2")).ToContainTextAsync("<img src=x");
        (await page.TitleAsync()).ShouldNotBe("owned");
        (await page.Locator("img").CountAsync()).ShouldBe(0);
    }

    private Task<IPage> OpenAsync(BrowserNewContextOptions? options = null) => _browser.OpenAsync(new Uri(_server.Address, $"/?channel={Channel}"), options);
}
