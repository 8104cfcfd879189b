using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Quizzes;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Editors;

/// <summary>An editor who publishes through the admin API, and in the end takes away from fans whatever the test put there.</summary>
internal sealed class EditorApi : IAsyncDisposable
{
    private const int AtOnce = 4;
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, string> _states = new(StringComparer.Ordinal);

    /// <summary>Nothing is asked yet.</summary>
    public EditorApi(Uri address, string key)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address, "api/v1/admin/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Makes a channel that nobody else has.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> MakeChannelAsync(string scenario, CancellationToken cancellationToken)
    {
        var channel = $"loadtest.{scenario}.{Guid.NewGuid():N}";
        await SendAsync(HttpMethod.Put, $"channels/{channel}", new { title = English($"Load test {scenario}"), defaultLocale = "en" }, cancellationToken);
        return channel;
    }

    /// <summary>Makes a draft.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> DraftPollAsync(string channel, string title, IReadOnlyList<string> options, TallyVisibility visibility, CancellationToken cancellationToken, bool changeable = false)
    {
        var body = new { channel, title = English(title), options = options.Select(o => new { id = o, label = English($"Option {o}") }), visibility, changeable };
        return Note("polls", await SendAsync(HttpMethod.Post, "polls", body, cancellationToken)).GetProperty("id").GetString()!;
    }

    /// <summary>Makes a draft of a quiz, the questions of which have the ids and the right options that fans expect.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> DraftQuizAsync(string channel, QuizLoad load, CancellationToken cancellationToken)
    {
        var body = new
        {
            channel,
            title = English("Load test: quiz night"),
            scoring = load.Scoring,
            streakBonus = load.StreakBonus,
            moreTime = false,
            questions = Enumerable.Range(0, load.Asked).Select(question => new
            {
                id = QuizGroup.QuestionId(question),
                text = English($"Question {question + 1}?"),
                options = Enumerable.Range(0, AnswerPlans.Options).Select(o => new { id = AnswerPlans.OptionId(o), label = English($"Option {AnswerPlans.OptionId(o)}") }),
                correct = new[] { AnswerPlans.OptionId(AnswerPlans.Right(question)) },
                points = ExpectedBoard.Points,
                seconds = load.SecondsOf(question),
                explanation = English("Because."),
            }),
        };
        return Note("quizzes", await SendAsync(HttpMethod.Post, "quizzes", body, cancellationToken)).GetProperty("id").GetString()!;
    }

    /// <summary>Starts a quiz, reveals, goes on, or finishes.</summary>
    /// <returns>The quiz as it then is.</returns>
    public async Task<JsonElement> TellQuizAsync(string quiz, string what, CancellationToken cancellationToken) =>
        Note("quizzes", await SendAsync(HttpMethod.Post, $"quizzes/{quiz}/{what}", body: null, cancellationToken));

    /// <summary>Opens, closes, or reveals a poll.</summary>
    /// <returns>The poll as it then is.</returns>
    public async Task<JsonElement> TellAsync(string poll, string what, CancellationToken cancellationToken) =>
        Note("polls", await SendAsync(HttpMethod.Post, $"polls/{poll}/{what}", body: null, cancellationToken));

    /// <summary>Makes a draft of an announcement.</summary>
    /// <returns>Its id and its version.</returns>
    public async Task<(string Id, long Version)> DraftAnnouncementAsync(string channel, string text, CancellationToken cancellationToken)
    {
        var made = Note("announcements", await SendAsync(HttpMethod.Post, "announcements", new { channel, title = English("Load test"), text = English(text) }, cancellationToken));
        return (made.GetProperty("id").GetString()!, made.GetProperty("version").GetInt64());
    }

    /// <summary>Publishes an announcement.</summary>
    public async Task PublishAnnouncementAsync(string announcement, CancellationToken cancellationToken) =>
        Note("announcements", await SendAsync(HttpMethod.Post, $"announcements/{announcement}/publish", body: null, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CleanUpLimit);
        try
        {
            await Parallel.ForEachAsync(_states, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = limit.Token }, async (made, cancel) =>
                await SendAsync(HttpMethod.Post, $"{made.Key}/{(made.Value is "draft" ? "cancel" : "revoke")}", body: null, cancel));
        }
        catch (Exception e) when (e is LoadTestException or OperationCanceledException)
        {
            Reports.Error($"Some polls or quizzes of this test are still there: {e.Message}");
        }

        _http.Dispose();
    }

    private static Dictionary<string, string> English(string text) => new(StringComparer.Ordinal) { ["en"] = text };

    private JsonElement Note(string collection, JsonElement made)
    {
        _states[$"{collection}/{made.GetProperty("id").GetString()}"] = made.GetProperty("state").GetString()!;
        return made;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, options: WireJson.Options);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.StatusCode switch
            {
                _ when response.IsSuccessStatusCode => JsonSerializer.Deserialize<JsonElement>(text),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new LoadTestException($"{_http.BaseAddress} does not take this admin key."),
                HttpStatusCode.TooManyRequests => throw LoadTestException.Limited("the admin API"),
                HttpStatusCode.NotFound => throw new LoadTestException($"{method} {_http.BaseAddress}{path} was answered 404: {text} Does this node serve editors (--editor-url)?"),
                _ => throw new LoadTestException($"{method} {path} was answered {(int)response.StatusCode}: {text}"),
            };
        }
        catch (HttpRequestException e)
        {
            throw new LoadTestException($"{_http.BaseAddress} does not answer: {e.Message}", e);
        }
        catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadTestException($"{method} {path} was not answered within {_http.Timeout.TotalSeconds:0} s.", e);
        }
    }
}
