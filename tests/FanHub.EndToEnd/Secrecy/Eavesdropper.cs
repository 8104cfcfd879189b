using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd.Secrecy;

/// <summary>Something that a fan was told, byte for byte.</summary>
/// <param name="By">In which way.</param>
/// <param name="Text">What.</param>
internal sealed record Heard(string By, string Text);

/// <summary>A fan who calls whatever can be called, in every language and from every point, and keeps all that is told.</summary>
internal sealed partial class Eavesdropper : IAsyncDisposable
{
    private static readonly string?[] Languages = [null, "en", "fr", "fr-CA", "ar"];

    private readonly Uri _address;
    private readonly string _channel;
    private readonly FanSession _session;
    private readonly RawFan _follower;
    private readonly List<Heard> _heard = [];
    private int _pushed;

    private Eavesdropper(Uri address, string channel, FanSession session, RawFan follower)
    {
        _address = address;
        _channel = channel;
        _session = session;
        _follower = follower;
    }

    public RawFan Connection => _follower;

    /// <summary>Follows the channel from the beginning.</summary>
    public static async Task<Eavesdropper> JoinAsync(Uri address, string channel)
    {
        var session = await RawFan.SessionAsync(address);
        var listener = new Eavesdropper(address, channel, session, await RawFan.ConnectAsync(address, session.Token));
        await listener.CallAsync(HubMethods.Follow, new { channel });
        return listener;
    }

    /// <summary>Calls the hub, and keeps the whole answer.</summary>
    public async Task<JsonElement> CallAsync(string method, params object?[] arguments)
    {
        var answer = await _follower.InvokeAsync(method, arguments);
        _heard.Add(new Heard($"{method} {JsonSerializer.Serialize(arguments, WireJson.Options)}", WithoutNumber(answer)));
        return answer;
    }

    /// <summary>Waits until the follower was sent such an update.</summary>
    public Task SeeAsync(Func<JsonElement, bool> update) => _follower.WaitForUpdateAsync(update);

    /// <summary>Everything that was told to this fan since this was last asked, and all that anybody may read of the channel now.</summary>
    /// <param name="ids">What to ask about: of quizzes, questions, polls, whatever could be one.</param>
    public async Task<IReadOnlyList<Heard>> ListenAsync(IReadOnlyList<string> ids)
    {
        foreach (var some in ids.Chunk(50))
        {
            await CallAsync(HubMethods.Mine, [some]);
        }

        foreach (var id in ids)
        {
            await CallAsync(HubMethods.Standing, id);
        }

        await CallAsync(HubMethods.Standing, $"predictions.{_channel}");
        await ReadSnapshotsAsync();
        await ReadOverHttpAsync(ids);
        for (; _pushed < _follower.Pushed.Count; _pushed++)
        {
            _heard.Add(new Heard("push", _follower.Pushed[_pushed].GetRawText()));
        }

        var heard = _heard.ToList();
        _heard.Clear();
        return heard;
    }

    /// <summary>The same words for the same meaning, whoever the fan is and whenever it was: receipts, moments, epochs and how many listen are taken out.</summary>
    public static string Normalised(string text, params (string What, string By)[] replaced)
    {
        // An id that was asked for before there was one stays unknown for half a second more, and is then another kind of nothing.
        text = text.Replace("There is nothing to answer under this id.", "There is no such quiz.", StringComparison.Ordinal);
        text = Audience().Replace(text, "").Replace("[,", "[", StringComparison.Ordinal);
        text = Moment().Replace(Epoch().Replace(Receipt().Replace(text, "\"receipt\":\"…\""), "\"epoch\":\"…\""), "…");
        return replaced.Aggregate(text, (t, r) => t.Replace(r.What, r.By, StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _follower.DisposeAsync();

    // Others of the same fan: a first visit in each language, and a return from the very beginning.
    private async Task ReadSnapshotsAsync()
    {
        foreach (var locale in Languages)
        {
            await using var visitor = await RawFan.ConnectAsync(_address, _session.Token);
            var first = await visitor.InvokeAsync(HubMethods.Follow, new { channel = _channel, locale });
            var since = new { epoch = first.GetProperty("result").GetProperty("epoch").GetString(), offset = 0 };
            var all = await visitor.InvokeAsync(HubMethods.Follow, new { channel = _channel, locale, since });
            _heard.Add(new Heard($"snapshot {locale}", WithoutNumber(first)));
            _heard.Add(new Heard($"resumed {locale}", WithoutNumber(all)));
            all.GetProperty("result").GetProperty("recovered").GetBoolean().ShouldBeTrue();
            _heard.AddRange(visitor.Pushed.Select(p => new Heard("push to a visitor", p.GetRawText())));
        }
    }

    private async Task ReadOverHttpAsync(IReadOnlyList<string> ids)
    {
        using var http = new HttpClient { BaseAddress = _address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _session.Token);
        foreach (var locale in Languages)
        {
            await GetAsync($"/api/v1/channels/{_channel}{(locale is null ? "" : $"?locale={locale}")}");
        }

        // A fan's token opens none of these.
        foreach (var resource in new[] { "quizzes", "polls", "predictions" })
        {
            (await GetAsync($"/api/v1/admin/{resource}")).ShouldBeOneOf(401, 403);
            (await GetAsync($"/api/v1/admin/{resource}/{ids[0]}")).ShouldBeOneOf(401, 403);
        }

        async Task<int> GetAsync(string path)
        {
            using var response = await http.GetAsync(path);
            _heard.Add(new Heard($"GET {path}", await response.Content.ReadAsStringAsync()));
            return (int)response.StatusCode;
        }
    }

    private static string WithoutNumber(JsonElement answer) => InvocationId().Replace(answer.GetRawText(), "");

    [GeneratedRegex("\"invocationId\":\"[0-9]+\",?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InvocationId();

    [GeneratedRegex("\"receipt\":\"[^\"]*\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Receipt();

    [GeneratedRegex(",?\\{\"channel\":\"[^\"]*\",\"epoch\":\"[^\"]*\",\"offset\":[0-9]+,\"class\":\"latest\",\"key\":\"audience:[^{]*\\{[^{}]*(\\{[^{}]*\\}[^{}]*)?\\}\\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Audience();

    [GeneratedRegex("\"epoch\":\"[^\"]*\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Epoch();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|\\+00:00)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Moment();
}
