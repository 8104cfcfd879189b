using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Editors;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Server;

/// <summary>The editorial side over real HTTP, on a real database, with a real log and a real ballot box.</summary>
internal sealed class EditorialHost : IAsyncDisposable
{
    public const string Key = "a-key-for-tests-only";

    private readonly WebApplication _app;
    private int _disposed;

    private EditorialHost(WebApplication app, Place place, LogSink logs)
    {
        _app = app;
        Place = place;
        Logs = logs;
        Log = app.Services.GetRequiredService<IChannelLog>();
        Box = app.Services.GetRequiredService<IBallotBox>();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public Place Place { get; }

    public IChannelLog Log { get; }

    public IBallotBox Box { get; }

    public HttpClient Http { get; }

    public LogSink Logs { get; }

    public IServiceProvider Services => _app.Services;

    public static string NewDirectory() => TestFolders.New();

    public static IChannelLog NewLog() => new InMemoryChannelLog(Options.Create(new ChannelOptions()), TimeProvider.System);

    /// <param name="place">Where an earlier host was, to start again, or a new one.</param>
    /// <param name="log">A log that outlives the host, as Redis does; absent: one in this host's memory.</param>
    /// <param name="box">Wraps the ballot box.</param>
    /// <param name="time">The clock.</param>
    /// <param name="settings">Configuration.</param>
    /// <param name="services">Replaces services.</param>
    /// <param name="live">What it meets other nodes in, instead of <paramref name="log"/>; absent: what a server has that runs alone.</param>
    public static async Task<EditorialHost> StartAsync(
        Place place,
        IChannelLog? log = null,
        Func<IBallotBox, IBallotBox>? box = null,
        TimeProvider? time = null,
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null,
        ILiveSide? live = null)
    {
        var side = live ?? new EmbeddedSide(log ?? NewLog());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:BootstrapKey"] = Key });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var logs = new LogSink();
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        var node = new Node { ServesFans = false, ServesEditors = true, DataDirectory = place.Directory, Postgres = place.Postgres, Redis = side.IsShared ? "shared" : null, KeyPrefix = "unused" };
        builder.Services.AddSingleton(node);
        builder.AddStorage(node);
        side.AddTo(builder.Services, place.Directory, box);
        builder.AddEditorial();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseProblems();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapEditorial();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new EditorialHost(app, place, logs);
    }

    public async Task<Reply> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/admin/" + path);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body, options: WireJson.Options),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        return new Reply((int)response.StatusCode, content, response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers);

    public Task<Reply> PutAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, body, headers);

    /// <summary>Makes the channel <c>c</c> and a poll with the options <c>a</c> and <c>b</c> in it.</summary>
    public async Task<string> NewPollAsync(object? with = null)
    {
        (await PutAsync("channels/c", Bodies.Channel)).Status.ShouldBeOneOf(200, 201);
        var reply = await PostAsync("polls", Bodies.Poll(with));
        reply.Status.ShouldBe(201, reply.Content);
        return reply.Id;
    }

    /// <summary>Takes the steps, and waits for each to reach the log, however busy the machine is: an answer waits for a second only.</summary>
    public async Task<Reply> DoAsync(string poll, params string[] steps)
    {
        Reply? last = null;
        foreach (var step in steps)
        {
            last = await PostAsync($"polls/{poll}/{step}");
            last.Status.ShouldBe(200, $"{step}: {last.Content}");
            await PublishedAsync();
        }

        return last!;
    }

    /// <summary>Waits until all that was saved has reached the log.</summary>
    public Task PublishedAsync() => Eventually.TrueAsync(async () => !await WithDbAsync(db => db.Outbox.AnyAsync(r => r.ParkedAt == null)), "the outbox is empty");

    public Task<IReadOnlyList<CastResult>> CastAsync(string poll, params (long Fan, ulong Choices)[] ballots) =>
        Box.CastAsync(poll, new BallotRules(2, Changeable: false), [.. ballots.Select(b => new Ballot(b.Fan, new StoredBallot(b.Choices, (uint)b.Fan, 5)))]);

    /// <summary>The channel's item under that key; null where there is none.</summary>
    public async Task<Item?> ItemAsync(string key, string channel = "c") =>
        (await Log.ReadAsync(channel))?.Items.SingleOrDefault(e => string.Equals(e.Item.Key, key, StringComparison.Ordinal) && !e.Item.Removes)?.Item;

    public async Task<JsonElement?> DataAsync(string key) => await ItemAsync(key) is { } item ? JsonElement.Parse(item.Data.Span) : null;

    public async Task<T> WithDbAsync<T>(Func<FanHubDb, Task<T>> use)
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<FanHubDb>());
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal sealed record Reply(int Status, string Content, HttpResponseHeaders Headers, string? ContentType)
{
    public JsonElement Body => JsonElement.Parse(Content);

    public string Id => Body.GetProperty("id").GetString()!;

    public string? Code => Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string State => Body.GetProperty("state").GetString()!;

    public string? ETag => Headers.ETag?.Tag;
}

internal static class Bodies
{
    public static object Channel => new { title = new { en = "Channel" }, defaultLocale = "en" };

    /// <summary>A poll in the channel <c>c</c>, with members replaced or added.</summary>
    public static Dictionary<string, object?> Poll(object? with = null)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["channel"] = "c",
            ["title"] = new { en = "Who wins?" },
            ["options"] = new[] { new { label = new { en = "Ann" } }, new { label = new { en = "Bea" } } },
        };
        foreach (var property in with?.GetType().GetProperties() ?? [])
        {
            body[property.Name] = property.GetValue(with);
        }

        return body;
    }
}

/// <summary>Keeps what was logged.</summary>
internal sealed class LogSink : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IEnumerable<string> Lines => _lines.Select(l => l.Text);

    public IEnumerable<string> Errors => _lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Text);

    public ILogger CreateLogger(string categoryName) => new Sink(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Sink(LogSink owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._lines.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {exception}"));
    }
}
