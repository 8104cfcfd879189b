using System.Net;
using System.Text.Json.Nodes;
using FanHub.Testing;
using Microsoft.Playwright;

namespace FanHub.EndToEnd;

/// <summary>The editors' page in a real browser.</summary>
public sealed class ConsoleTests : IAsyncLifetime
{
    private const string Channel = "gala";
    private const int MostStops = 80;

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
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _editor.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(320, 640, "en")]
    [InlineData(1280, 800, "fr")]
    public async Task An_editor_runs_a_poll_from_the_first_key_to_the_result_without_a_mouse(int width, int height, string locale)
    {
        var page = await OpenAsync("", new BrowserNewContextOptions { Locale = locale, ViewportSize = new ViewportSize { Width = width, Height = height } });
        var problems = Problems(page);
        await page.Keyboard.TypeAsync(FanHubProcess.AdminKey);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-view='channels'] h1")).ToBeFocusedAsync();

        await PressAsync(page, "[data-action='new-channel']");
        await WriteAsync(page, "input[name='id']", Channel);
        await WriteAsync(page, "input[name='defaultLocale']", "en");
        await WriteAsync(page, "input[name='title.en']", "The gala");
        await PressAsync(page, "[data-action='save']");
        await Assertions.Expect(page.Locator($"[data-view='channel'][data-channel='{Channel}'] h1")).ToBeFocusedAsync();

        // What is missing is told at its field, and that is where the keyboard is.
        await PressAsync(page, "[data-new='poll']");
        await WriteAsync(page, "input[name='title.en']", "Who wins?");
        await PressAsync(page, "[data-action='save']");
        var first = page.Locator("[data-rows='options'] li:nth-child(1) input[name='label.en']");
        await Assertions.Expect(first).ToBeFocusedAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Keyboard.TypeAsync("Bea");
        await WriteAsync(page, "[data-rows='options'] li:nth-child(2) input[name='label.en']", "Ana");
        await PressAsync(page, "[data-rows='options'] li:nth-child(2) [data-row='up']");
        await Assertions.Expect(page.Locator("[data-preview] li").First).ToHaveTextAsync("Ana");
        await PressAsync(page, "[data-action='save']");

        var poll = page.Locator("[data-kind='poll']");
        await Assertions.Expect(poll).ToHaveAttributeAsync("data-state", "draft");
        await PressAsync(page, "[data-command='open']");
        await Assertions.Expect(poll).ToHaveAttributeAsync("data-state", "open");
        await Assertions.Expect(page.Locator("[data-notice]")).ToBeFocusedAsync();
        await AskAsync("Vote", new { interaction = await poll.GetAttributeAsync("data-id"), choices = new[] { "a" }, submission = "s1" });
        await Assertions.Expect(page.Locator("[data-option='a'] [data-count]")).ToHaveAttributeAsync("data-count", "1");

        await PressAsync(page, "[data-command='close']");
        await Assertions.Expect(poll).ToHaveAttributeAsync("data-state", "closed");
        (await page.Locator("[data-digest]").TextContentAsync())!.Length.ShouldBe(64, "SHA-256, in hexadecimal");
        await PressAsync(page, "[data-command='reveal']");
        await Assertions.Expect(poll).ToHaveAttributeAsync("data-state", "revealed");

        // Nothing is taken away before it was asked about; the answer that changes nothing has the focus.
        await PressAsync(page, "[data-command='revoke']");
        await Assertions.Expect(page.Locator("[data-confirm='no']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await Assertions.Expect(poll).ToHaveAttributeAsync("data-state", "revealed");
        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("the page does not scroll sideways");
        problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_key_is_checked_stays_in_the_tab_and_is_forgotten()
    {
        var page = await OpenAsync("");
        await page.FillAsync("input[name='key']", "another-key");
        await page.ClickAsync("[data-action='sign-in']");
        await Assertions.Expect(page.Locator("input[name='key']")).ToHaveAttributeAsync("aria-invalid", "true");
        await SignInAsync(page);
        await Assertions.Expect(page.Locator("[data-view='channels']")).ToBeVisibleAsync();
        page.Url.ShouldNotContain(FanHubProcess.AdminKey);
        (await page.EvaluateAsync<string>("JSON.stringify(localStorage) + document.cookie")).ShouldNotContain(FanHubProcess.AdminKey);

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("[data-view='channels']")).ToBeVisibleAsync();
        await page.ClickAsync("#sign-out");
        await Assertions.Expect(page.Locator("[data-view='sign-in']")).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>("sessionStorage.length")).ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_is_good_no_longer_is_asked_for_over_what_is_being_written_which_is_then_saved_once()
    {
        await _editor.PutChannelAsync(Channel);
        var page = await OpenAsync($"?channel={Channel}&kind=poll&do=new");
        await SignInAsync(page);
        await page.FillAsync("input[name='title.en']", "Who wins?");
        await page.FillAsync("[data-rows='options'] li:nth-child(1) input[name='label.en']", "Ana");
        await page.FillAsync("[data-rows='options'] li:nth-child(2) input[name='label.en']", "Bea");

        // The first time it arrives, and the answer is lost; the second time the key is refused.
        var saves = 0;
        await page.RouteAsync("**/api/v1/admin/polls", async route =>
        {
            saves++;
            if (saves == 1)
            {
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else if (saves == 2)
            {
                await route.FulfillAsync(new RouteFulfillOptions { Status = (int)HttpStatusCode.Unauthorized, ContentType = "application/problem+json", Body = "{\"code\":\"unauthorized\"}" });
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await page.ClickAsync("[data-action='save']");
        await page.ClickAsync("[data-way='again']");
        await page.FillAsync("[data-sign-in-again] input[name='key']", FanHubProcess.AdminKey);
        await page.ClickAsync("[data-sign-in-again] [data-action='sign-in']");

        await Assertions.Expect(page.Locator("[data-kind='poll'] h1")).ToHaveTextAsync("Who wins?");
        (await _editor.SendAsync(HttpMethod.Get, $"polls?channel={Channel}", body: null)).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_is_overtaken_by_another_editor_is_told_and_sees_how_it_is()
    {
        await _editor.PutChannelAsync(Channel);
        var id = await _editor.CreatePollAsync(Channel, body => body["title"] = new JsonObject { ["en"] = "<img src=x onerror=\"document.title='owned'\">" });
        await _editor.TellPollAsync(id, "open");
        var page = await OpenAsync($"?channel={Channel}&kind=poll&id={id}");
        await SignInAsync(page);
        var poll = page.Locator("[data-kind='poll']");
        await Assertions.Expect(poll).ToHaveAttributeAsync("data-state", "open");

        // What the page would learn by itself within a second waits until the editor has pressed the button.
        var pressed = new TaskCompletionSource();
        await page.RouteAsync($"**/api/v1/admin/polls/{id}", async route =>
        {
            await pressed.Task;
            await route.ContinueAsync();
        });
        await _editor.TellPollAsync(id, "close");
        var refused = page.WaitForResponseAsync(response => response.Status == (int)HttpStatusCode.PreconditionFailed);
        await page.ClickAsync("[data-command='close']");
        await refused;
        pressed.SetResult();

        await Assertions.Expect(poll).ToHaveAttributeAsync("data-state", "closed");
        await Assertions.Expect(page.Locator(".notice")).ToHaveAttributeAsync("data-tone", "bad");
        await Assertions.Expect(page.Locator("[data-command='reveal']")).ToBeEnabledAsync();
        (await page.TitleAsync()).ShouldContain("<img");
    }

    [Fact]
    public async Task A_quiz_is_written_and_run_with_its_answers_as_they_come_in_and_finished_early_only_after_asking()
    {
        await _editor.PutChannelAsync(Channel);
        var page = await OpenAsync($"?channel={Channel}&kind=quiz&do=new", new BrowserNewContextOptions { Locale = "en", ViewportSize = new ViewportSize { Width = 360, Height = 740 } });
        await SignInAsync(page);
        await page.FillAsync("[data-field='title'] input", "Quiz of the night");
        await page.ClickAsync("[data-add='questions']");
        for (var n = 1; n <= 2; n++)
        {
            var row = $"[data-rows='questions'] > ol > li:nth-child({n})";
            await page.FillAsync($"{row} input[name='text.en']", $"Question {n}?");
            await page.FillAsync($"{row} [data-rows='answers'] li:nth-child(1) input[name='label.en']", "Yes");
            await page.FillAsync($"{row} [data-rows='answers'] li:nth-child(2) input[name='label.en']", "No");
            await page.FillAsync($"{row} input[name='seconds']", "120");
        }

        // The right answers are missing, and the keyboard is where the first one can be marked.
        await page.ClickAsync("[data-action='save']");
        await Assertions.Expect(page.Locator("[data-rows='answers'][data-invalid]")).ToHaveCountAsync(2);
        await page.CheckAsync("[data-rows='questions'] > ol > li:nth-child(1) [data-rows='answers'] li:nth-child(2) input[name='correct']");
        await page.CheckAsync("[data-rows='questions'] > ol > li:nth-child(2) [data-rows='answers'] li:nth-child(1) input[name='correct']");
        await page.ClickAsync("[data-action='save']");

        var quiz = page.Locator("[data-kind='quiz']");
        var current = page.Locator("[data-current]");
        await page.ClickAsync("[data-command='start']");
        await Assertions.Expect(current).ToHaveAttributeAsync("data-question-state", "open");
        await Assertions.Expect(page.Locator("[role='timer']")).ToContainTextAsync(":");
        await Assertions.Expect(current.Locator("[data-option='b']")).ToHaveAttributeAsync("data-correct", "");
        await AskAsync("Answer", new { quiz = await quiz.GetAttributeAsync("data-id"), question = await current.GetAttributeAsync("data-current"), choices = new[] { "b" }, submission = "s1" });
        await Assertions.Expect(current.Locator("[data-option='b'] [data-count]")).ToHaveAttributeAsync("data-count", "1");

        await page.ClickAsync("[data-command='close']");
        await Assertions.Expect(current).ToHaveAttributeAsync("data-question-state", "closed");
        await page.ClickAsync("[data-command='reveal']");
        await Assertions.Expect(current).ToHaveAttributeAsync("data-question-state", "revealed");
        await page.ClickAsync("[data-command='next']");
        await Assertions.Expect(current).ToHaveAttributeAsync("data-question-state", "open");
        await page.ClickAsync("[data-command='finish']");
        await page.ClickAsync("[data-confirm='yes']");
        await Assertions.Expect(quiz).ToHaveAttributeAsync("data-state", "finished");
    }

    [Fact]
    public async Task An_editor_who_took_part_as_a_fan_on_this_device_cannot_settle_and_anybody_else_can_again_and_again()
    {
        await _editor.PutChannelAsync(Channel);
        var body = new JsonObject
        {
            ["channel"] = Channel,
            ["title"] = new JsonObject { ["en"] = "Who wins?" },
            ["options"] = new JsonArray([.. ((string[])["a", "b"]).Select(o => new JsonObject { ["id"] = o, ["label"] = new JsonObject { ["en"] = $"Option {o}" } })]),
        };
        var id = (await _editor.SendAsync(HttpMethod.Post, "predictions", body)).GetProperty("id").GetString()!;
        var page = await OpenAsync($"?channel={Channel}&kind=prediction&id={id}");
        await SignInAsync(page);
        await page.ClickAsync("[data-command='open']");
        var prediction = page.Locator("[data-kind='prediction']");
        await Assertions.Expect(prediction).ToHaveAttributeAsync("data-state", "open");
        var token = await AskAsync("Vote", new { interaction = id, choices = new[] { "a" }, submission = "s1" });
        await page.EvaluateAsync("token => localStorage.setItem(`fanhub.session ${location.origin}`, JSON.stringify({ token, fan: '1', expiresAt: '2100-01-01T00:00:00Z' }))", token);
        await page.ClickAsync("[data-command='lock']");
        await page.ClickAsync("[data-command='settle']");

        // That none came true has to be said.
        await page.ClickAsync("[data-action='settle']");
        await Assertions.Expect(page.Locator("[data-settle] [data-invalid]")).ToHaveCountAsync(1);
        await page.CheckAsync("[data-settle] input[value='a']");
        await page.ClickAsync("[data-action='settle']");
        await Assertions.Expect(page.Locator(".notice[data-tone='bad']")).ToContainTextAsync("took part");
        await Assertions.Expect(prediction).ToHaveAttributeAsync("data-state", "closed");

        await page.EvaluateAsync("localStorage.clear()");
        await page.ClickAsync("[data-action='settle']");
        await Assertions.Expect(page.Locator("[data-settlement]")).ToHaveCountAsync(1);
        await page.ClickAsync("[data-command='settle']");
        await page.CheckAsync("[data-settle] input[name='none']");
        await page.ClickAsync("[data-action='settle']");
        await page.ClickAsync("[data-confirm='yes']");
        await Assertions.Expect(page.Locator("[data-settlement]")).ToHaveCountAsync(2);
        await Assertions.Expect(prediction).ToHaveAttributeAsync("data-state", "settled");
    }

    private async Task<IPage> OpenAsync(string query, BrowserNewContextOptions? options = null)
    {
        var context = await _browser.NewContextAsync(options ?? new BrowserNewContextOptions { Locale = "en" });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(_server.Address, $"/console/{query}").ToString());
        await Assertions.Expect(page.Locator("input[name='key']")).ToBeFocusedAsync();
        return page;
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.FillAsync("input[name='key']", FanHubProcess.AdminKey);
        await page.ClickAsync("[data-action='sign-in']");
    }

    /// <summary>What goes wrong on a page, as it happens; what the server refuses is no part of it.</summary>
    private static List<string> Problems(IPage page)
    {
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                problems.Add(message.Text);
            }
        };
        return problems;
    }

    /// <summary>Goes to a control with the tabulator key, as far as it takes.</summary>
    private static async Task GoAsync(IPage page, string selector)
    {
        await Assertions.Expect(page.Locator(selector).First).ToBeEnabledAsync();
        for (var stops = 0; stops < MostStops; stops++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"{selector} cannot be reached by keyboard.");
    }

    private static async Task WriteAsync(IPage page, string selector, string text)
    {
        await GoAsync(page, selector);
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.TypeAsync(text);
    }

    private static async Task PressAsync(IPage page, string selector)
    {
        await GoAsync(page, selector);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>A fan calls the hub once, and gets what was asked for.</summary>
    /// <returns>The fan's token.</returns>
    private async Task<string> AskAsync(string method, object request)
    {
        var token = (await RawFan.SessionAsync(_server.Address)).Token;
        await using var fan = await RawFan.ConnectAsync(_server.Address, token);
        var reply = await fan.InvokeAsync(method, request);
        reply.TryGetProperty("result", out _).ShouldBeTrue(reply.ToString());
        return token;
    }
}
