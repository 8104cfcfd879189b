using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Contracts;

namespace FanHub.Testing;

/// <summary>An editor: calls the admin API, and expects it to do what it is told.</summary>
public sealed class EditorClient : IDisposable
{
    /// <summary>Creates one.</summary>
    public EditorClient(Uri address, string key = FanHubProcess.AdminKey)
    {
        Http = new HttpClient { BaseAddress = new Uri(address, "/api/v1/admin/") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>For calls that are expected to fail.</summary>
    public HttpClient Http { get; }

    /// <summary>Makes a channel.</summary>
    public Task<JsonElement> PutChannelAsync(string channel) =>
        SendAsync(HttpMethod.Put, $"channels/{channel}", new JsonObject { ["title"] = new JsonObject { ["en"] = channel }, ["defaultLocale"] = "en" });

    /// <summary>Makes a poll with the options a, b and c.</summary>
    /// <param name="channel">Its channel.</param>
    /// <param name="change">Changes the body before it is sent.</param>
    /// <returns>Its id.</returns>
    public async Task<string> CreatePollAsync(string channel, Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["channel"] = channel,
            ["title"] = new JsonObject { ["en"] = "Who wins?", ["fr"] = "Qui gagne ?" },
            ["options"] = new JsonArray([.. ((string[])["a", "b", "c"]).Select(o => new JsonObject { ["id"] = o, ["label"] = new JsonObject { ["en"] = $"Option {o}", ["fr"] = $"Choix {o}" } })]),
        };
        change?.Invoke(body);
        return (await SendAsync(HttpMethod.Post, "polls", body)).GetProperty("id").GetString()!;
    }

    /// <summary>Tells a poll what to do: open, close, reveal, cancel, revoke.</summary>
    /// <returns>The poll as it then is.</returns>
    public Task<JsonElement> TellPollAsync(string poll, string what) => SendAsync(HttpMethod.Post, $"polls/{poll}/{what}", body: null);

    /// <summary>Reads a poll.</summary>
    public Task<JsonElement> GetPollAsync(string poll) => SendAsync(HttpMethod.Get, $"polls/{poll}", body: null);

    /// <summary>Calls the API.</summary>
    /// <exception cref="HttpRequestException">It did not answer with success; the message has the problem.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, options: WireJson.Options);
        }

        using var response = await Http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new HttpRequestException($"{method} {path} was answered {(int)response.StatusCode}: {text}", inner: null, response.StatusCode);
    }

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();
}
