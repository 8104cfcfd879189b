using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Testing;
using Microsoft.Playwright;

namespace FanHub.EndToEnd;

/// <summary>A quiz from the first question to the last standing: an editor's page drives it, three fans' pages play, one in French, one behind a delayed video, one by keyboard alone.</summary>
public sealed class QuizNightTests : IAsyncLifetime
{
    private const string Channel = "quiz-night";
    private const int MostStops = 60;
    private static readonly LocatorAssertionsToHaveAttributeOptions Soon = new() { Timeout = 20_000 };

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
        await _editor.SendAsync(HttpMethod.Put, $"channels/{Channel}", new JsonObject { ["title"] = Text("Quiz night", "Soirée quiz"), ["defaultLocale"] = "en", ["requiredLocales"] = new JsonArray("fr") });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _editor.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_plays_and_sees_the_same_scores_and_standings()
    {
        var quiz = (await _editor.SendAsync(HttpMethod.Post, "quizzes", Quiz())).GetProperty("id").GetString()!;
        var french = await OpenAsync("&locale=fr-CA", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 740 } });
        var delayed = await OpenAsync("&delay=3");
        var keyboard = await OpenAsync("", new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark });
        IPage[] fans = [french, delayed, keyboard];
        var console = await OpenConsoleAsync(quiz);

        await TellAsync(console, "start");
        await QuestionAsync(french, "q1", "open");
        await QuestionAsync(keyboard, "q1", "open");
        (await delayed.Locator("[data-question]").CountAsync()).ShouldBe(0, "its video has not come to the question yet");
        await Assertions.Expect(french.Locator("[data-question='q1'] h3")).ToHaveTextAsync("Question 1 en français ?");
        await Assertions.Expect(keyboard.Locator("[data-question='q1'] h3")).ToHaveTextAsync("Question 1 in English?");
        await AnswerAsync(french, "q1", "a");
        await AnswerByKeyboardAsync(keyboard, "q1", downs: 0);
        await QuestionAsync(delayed, "q1", "open");
        await AnswerAsync(delayed, "q1", "a");
        await Assertions.Expect(console.Locator("[data-ballots]").First).ToHaveAttributeAsync("data-ballots", "3", Soon);

        // Nobody is told who was right before it is revealed.
        await TellAsync(console, "close");
        await QuestionAsync(keyboard, "q1", "closed");
        (await keyboard.Locator("[data-correct]").CountAsync()).ShouldBe(0);
        (await keyboard.Locator("[data-quiz] [data-board]").IsHiddenAsync()).ShouldBeTrue();
        await TellAsync(console, "reveal");
        foreach (var fan in fans)
        {
            await OutcomeAsync(fan, "q1", "right");
        }

        await Assertions.Expect(french.Locator(".explanation")).ToHaveTextAsync("Parce que 1.");

        await TellAsync(console, "next");
        await QuestionAsync(french, "q2", "open");
        await AnswerAsync(french, "q2", "b");
        await QuestionAsync(keyboard, "q2", "open");
        await AnswerByKeyboardAsync(keyboard, "q2", downs: 0);
        await QuestionAsync(delayed, "q2", "open");
        await AnswerAsync(delayed, "q2", "a");

        // Going on reveals what is still open.
        await TellAsync(console, "next");
        await QuestionAsync(keyboard, "q3", "open");
        await AnswerByKeyboardAsync(keyboard, "q3", downs: 1);
        await QuestionAsync(french, "q3", "open");
        await AnswerAsync(french, "q3", "a");
        await QuestionAsync(delayed, "q3", "open");
        await TellAsync(console, "reveal");
        await QuestionAsync(delayed, "q3", "revealed");
        await TellAsync(console, "finish");
        foreach (var fan in fans)
        {
            await Assertions.Expect(fan.Locator($"[data-quiz='{quiz}']")).ToHaveAttributeAsync("data-state", "finished", Soon);
        }

        await OutcomeAsync(keyboard, "q3", "right");
        await OutcomeAsync(french, "q3", "wrong");
        await OutcomeAsync(delayed, "q3", "none");

        // By the rules: the keyboard was right three times, who was behind twice, the French page once.
        await StandingAsync(keyboard, 3000, 1);
        await StandingAsync(delayed, 2000, 2);
        await StandingAsync(french, 1000, 3);
        foreach (var fan in fans)
        {
            await Assertions.Expect(fan.Locator("[data-quiz] [data-board] tbody tr")).ToHaveCountAsync(3, new LocatorAssertionsToHaveCountOptions { Timeout = 20_000 });
            (await ScoresAsync(fan)).ShouldBe([3000, 2000, 1000]);
        }

        (await FinalCountsAsync(quiz)).ShouldBe(["q1 a=3 b=0", "q2 a=2 b=1", "q3 a=1 b=1"]);
    }

    private static JsonObject Text(string en, string fr) => new() { ["en"] = en, ["fr"] = fr };

    private static JsonObject Quiz() => new()
    {
        ["channel"] = Channel,
        ["title"] = Text("The quiz", "Le quiz"),
        ["scoring"] = "accuracy",
        ["lateWindowMs"] = 10_000,
        ["questions"] = new JsonArray(Question(1, "a"), Question(2, "a"), Question(3, "b")),
    };

    private static JsonObject Question(int n, string correct) => new()
    {
        ["id"] = $"q{n}",
        ["text"] = Text($"Question {n} in English?", $"Question {n} en français ?"),
        ["options"] = new JsonArray(
            new JsonObject { ["id"] = "a", ["label"] = Text("First", "Première") },
            new JsonObject { ["id"] = "b", ["label"] = Text("Second", "Seconde") }),
        ["correct"] = new JsonArray(correct),
        ["explanation"] = Text($"Because {n}.", $"Parce que {n}."),
        ["seconds"] = 120,
    };

    private static async Task TellAsync(IPage console, string command)
    {
        await console.ClickAsync($"[data-command='{command}']");
        await Assertions.Expect(console.Locator("[data-notice]")).ToBeVisibleAsync();
    }

    private static Task QuestionAsync(IPage fan, string question, string state) =>
        Assertions.Expect(fan.Locator($"[data-question='{question}']")).ToHaveAttributeAsync("data-state", state, Soon);

    private static Task OutcomeAsync(IPage fan, string question, string outcome) =>
        Assertions.Expect(fan.Locator($"[data-question='{question}'] .outcome")).ToHaveAttributeAsync("data-outcome", outcome, Soon);

    private static async Task AnswerAsync(IPage fan, string question, string option)
    {
        await fan.ClickAsync($"[data-question='{question}'] [data-option='{option}']");
        await fan.ClickAsync($"[data-question='{question}'] button[type='submit']");
        await Assertions.Expect(fan.Locator($"[data-question='{question}']")).ToHaveAttributeAsync("data-answered", "", Soon);
    }

    private static async Task AnswerByKeyboardAsync(IPage fan, string question, int downs)
    {
        await GoAsync(fan, $"[data-question='{question}'] input");
        await fan.Keyboard.PressAsync("Space");
        for (var i = 0; i < downs; i++)
        {
            await fan.Keyboard.PressAsync("ArrowDown");
        }

        await GoAsync(fan, $"[data-question='{question}'] button[type='submit']");
        await fan.Keyboard.PressAsync("Enter");
        await Assertions.Expect(fan.Locator($"[data-question='{question}']")).ToHaveAttributeAsync("data-answered", "", Soon);
    }

    private static async Task GoAsync(IPage page, string selector)
    {
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

    private static async Task StandingAsync(IPage fan, int score, int rank)
    {
        var standing = fan.Locator("[data-quiz] [data-board] [data-standing]");
        await Assertions.Expect(standing).ToHaveAttributeAsync("data-score", score.ToString(CultureInfo.InvariantCulture), Soon);
        await Assertions.Expect(standing).ToHaveAttributeAsync("data-rank", rank.ToString(CultureInfo.InvariantCulture), Soon);
    }

    private static async Task<int[]> ScoresAsync(IPage fan) =>
        [.. (await fan.Locator("[data-quiz] [data-board] tbody tr td:last-child").AllTextContentsAsync()).Select(text => int.Parse(string.Concat(text.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture))];

    private async Task<string[]> FinalCountsAsync(string quiz)
    {
        var view = await _editor.SendAsync(HttpMethod.Get, $"quizzes/{quiz}", body: null);
        return [.. view.GetProperty("questions").EnumerateArray().Select(q => $"{q.GetProperty("id").GetString()} a={Count(q, "a")} b={Count(q, "b")}")];

        static long Count(JsonElement question, string option) => question.GetProperty("result").GetProperty("counts").GetProperty(option).GetInt64();
    }

    private Task<IPage> OpenAsync(string query, BrowserNewContextOptions? options = null) => _browser.OpenAsync(new Uri(_server.Address, $"/?channel={Channel}{query}"), options);

    private async Task<IPage> OpenConsoleAsync(string quiz)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { Locale = "en" });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(_server.Address, $"/console/?channel={Channel}&kind=quiz&id={quiz}").ToString());
        await page.FillAsync("input[name='key']", FanHubProcess.AdminKey);
        await page.ClickAsync("[data-action='sign-in']");
        await Assertions.Expect(page.Locator("[data-command='start']")).ToBeEnabledAsync();
        return page;
    }
}
