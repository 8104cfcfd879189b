using System.Text.Json.Nodes;
using FanHub.Testing;
using Microsoft.Playwright;

namespace FanHub.EndToEnd;

/// <summary>Results on the page, in a real browser, from a real feed.</summary>
public sealed class ResultsPageTests : IAsyncLifetime
{
    private static readonly string Card = $"[data-result='result:{FeedSamples.Unit}']";

    private readonly HttpClient _http = new();
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private FanHubProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FanHubProcess.StartNewAsync(FeedSamples.Settings);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_result_comes_live_is_corrected_and_is_said_to_be_withdrawn()
    {
        await PostAsync(0);
        var phone = await OpenAsync($"?view=unit&unit={FeedSamples.Unit}", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 740 }, ColorScheme = ColorScheme.Dark, Locale = "fr" });
        var country = await OpenAsync("?country=BBB");
        await Assertions.Expect(phone.Locator(Card)).ToHaveAttributeAsync("data-status", "start_list");
        await Assertions.Expect(phone.Locator($"{Card} tbody tr")).ToHaveCountAsync(4);

        await PostAsync(1);
        await PostAsync(2);
        foreach (var page in (IPage[])[phone, country])
        {
            await Assertions.Expect(page.Locator(Card)).ToHaveAttributeAsync("data-status", "official");
            await Assertions.Expect(page.Locator($"{Card} tbody tr").First).ToContainTextAsync("52.10");
        }

        (await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("the page does not scroll sideways on a phone");
        await PostAsync(3);
        await Assertions.Expect(phone.Locator($"{Card} [data-corrected]")).ToContainTextAsync("has been disqualified");
        await PostAsync(4);
        foreach (var page in (IPage[])[phone, country])
        {
            await Assertions.Expect(page.Locator(Card)).ToHaveAttributeAsync("data-status", "withdrawn");
        }
    }

    [Fact]
    public async Task Medals_move_with_a_correction_and_a_page_that_came_too_early_finds_them()
    {
        var page = await _browser.NewPageAsync();
        await page.GotoAsync(new Uri(_server.Address, "/?view=medals").ToString());
        await PostAsync(5);
        var table = page.Locator("[data-medals='table']");
        await Assertions.Expect(table.Locator("tbody tr").First).ToContainTextAsync("AAA", new LocatorAssertionsToContainTextOptions { Timeout = 30_000 });

        await PostAsync(6);
        await Assertions.Expect(table.Locator("tbody tr").First).ToContainTextAsync("BBB");
        await Assertions.Expect(table.Locator("[data-corrected]")).ToContainTextAsync("Two gold medals awarded");
    }

    [Fact]
    public async Task Markup_in_names_and_notes_is_shown_as_text_and_right_to_left_names_too()
    {
        using var editor = new EditorClient(_server.Address);
        await editor.SendAsync(HttpMethod.Put, "results/RACE-1", JsonNode.Parse("""
            {"sport":"ATH","title":{"en":"<img src=x onerror=\"document.title='owned'\">"},"status":"official","note":{"en":"<script>document.title='owned'</script>"},
             "entries":[{"rank":1,"competitor":{"id":"1","name":"<b onmouseover=\"document.title='owned'\">آنا</b>","organisation":"AAA"},"result":"9.58"}]}
            """));
        var page = await OpenAsync("?sport=ATH");
        await Assertions.Expect(page.Locator("[data-result='result:RACE-1'] tbody")).ToContainTextAsync("<b onmouseover=");
        (await page.Locator("img, main script").CountAsync()).ShouldBe(0);
        (await page.TitleAsync()).ShouldNotBe("owned");
    }

    private async Task PostAsync(int sample)
    {
        using var response = await FeedSamples.PostAsync(_http, _server.Address, FeedSamples.InOrder[sample]);
        response.EnsureSuccessStatusCode();
    }

    private Task<IPage> OpenAsync(string address, BrowserNewContextOptions? options = null) => _browser.OpenAsync(new Uri(_server.Address, "/" + address), options);
}
