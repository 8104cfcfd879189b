using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FanHub.Realtime.Channels;
using FanHub.Testing;
using FanHub.Tests.Server.Results.Feed;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>Sends a feed to a real host over HTTP, watches all channels on the way, and compares them with the model at the end.</summary>
internal sealed class HostRun(Place place, char flag, TimeSpan minInterval) : IAsyncDisposable
{
    private const string ApiKey = "0123456789abcdef0123456789abcdef";

    private readonly List<string> _channels = [];
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private readonly ConcurrentDictionary<(string Channel, string Key), (long Item, long Data)> _last = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private EditorialHost? _host;

    /// <summary>Where the items end up.</summary>
    public IChannelLog Log { get; private set; } = EditorialHost.NewLog();

    /// <summary>Starts a host, the first or one after another.</summary>
    /// <param name="letters">All that will ever be sent.</param>
    /// <param name="emptyLog">Whether what was published before is lost.</param>
    public async Task StartAsync(IReadOnlyList<Letter> letters, bool emptyLog = false)
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (emptyLog)
            Log = EditorialHost.NewLog();
        if (emptyLog || _subscriptions.Count == 0)
            await WatchAsync(letters);
        _host = await EditorialHost.StartAsync(place, Log, settings: new Dictionary<string, string?>
        {
            ["FanHub:BootstrapKey"] = EditorialHost.Key,
            ["FanHub:Odf:ApiKey"] = ApiKey,
            ["FanHub:Odf:Flag"] = $"{flag}",
            ["FanHub:Odf:TimeZone"] = World.Zone.Id,
            ["FanHub:Odf:Locale"] = World.Locale,
            ["FanHub:Odf:MinInterval"] = minInterval.ToString("c"),
        });
    }

    /// <summary>Sends messages, several at once as feeds do.</summary>
    public async Task SendAsync(IEnumerable<Letter> letters) =>
        await Parallel.ForEachAsync(letters, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (letter, cancellationToken) =>
        {
            var xml = FeedXml.Write(letter);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/feeds/odf");
            request.Headers.Add("X-API-KEY", ApiKey);
            request.Content = new ByteArrayContent(letter.Version % 2 == 0 ? FeedSender.Gzip(xml) : xml);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
            if (letter.Version % 2 == 0)
                request.Content.Headers.ContentEncoding.Add("gzip");
            using var response = await _host!.Http.SendAsync(request, cancellationToken);
            var letIn = letter.Flag == flag && letter.Fault is Fault.None or Fault.CutShort;
            if (letIn ? (int)response.StatusCode != 200 : (int)response.StatusCode is < 400 or >= 500)
                _wrong.Enqueue($"{(int)response.StatusCode} was the answer to {letter}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        });

    /// <summary>Where the channels differ from the model, once nothing waits any more.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(IReadOnlyList<Letter> letters, TimeSpan limit)
    {
        var expected = FeedModel.Items(letters, flag);
        await Eventually.TrueAsync(async () => (await _host!.GetAsync("feeds/status")).Body.GetProperty("waiting").GetInt64() == 0, "no message waits", TimeSpan.FromSeconds(60));
        IReadOnlyList<string> differences = ["nothing was compared"];
        long? compared = null;
        try
        {
            // What was dealt with is published a moment later.
            await Eventually.TrueAsync(HoldsAsync, "the channels hold what the model says", limit);
        }
        catch (TimeoutException)
        {
            return differences;
        }

        return [.. _wrong];

        // Comparing takes its time, which the host needs too: only where something has changed.
        async Task<bool> HoldsAsync()
        {
            var revisions = (await Log.HeadsAsync(_channels)).Sum(h => h?.Revision ?? 0);
            if (revisions == compared)
                return false;
            compared = revisions;
            differences = Canonical.Differences(expected, await SeenAsync());
            return differences.Count == 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in _subscriptions)
            await subscription.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
    }

    // Every channel that anything about these messages could ever be in.
    private async Task WatchAsync(IReadOnlyList<Letter> letters)
    {
        var codes = letters.Select(l => l.Code).Concat(letters.Select(l => l.Body).OfType<Schedule>().SelectMany(s => s.Slots.Select(x => x.Code))).Distinct().ToList();
        _channels.Clear();
        _channels.AddRange(codes.SelectMany(c => new[] { ModelJson.Channel("unit", c), ModelJson.Channel("sport", c[..3]) })
            .Concat(World.Organisations.Select(o => ModelJson.Channel("noc", o))).Concat(["medals", "schedule"]).Distinct());
        foreach (var channel in _channels)
            _subscriptions.Add(await Log.SubscribeAsync(channel, entry => Look(channel, entry)));
    }

    // Runs wherever the log appends.
    private void Look(string channel, LogEntry entry)
    {
        var item = entry.Item;
        var version = item.Removes ? 0 : (long?)JsonNode.Parse(item.Data.Span)!["version"] ?? 0;
        var (lastItem, lastData) = _last.GetValueOrDefault((channel, item.Key));
        if (item.Version < lastItem)
            _wrong.Enqueue($"{item.Key} on {channel} went back from the item's version {lastItem} to {item.Version}");
        if (version > 0 && version < lastData)
            _wrong.Enqueue($"{item.Key} on {channel} went back from version {lastData} to {version}");
        _last[(channel, item.Key)] = (item.Version, Math.Max(version, lastData));
    }

    private async Task<Dictionary<string, Shown>> SeenAsync()
    {
        var seen = new Dictionary<string, Shown>();
        foreach (var channel in _channels)
        {
            foreach (var entry in (await Log.ReadAsync(channel))?.Items ?? [])
            {
                if (entry.Item.Removes)
                    continue;
                var data = JsonNode.Parse(entry.Item.Data.Span)!.AsObject();
                if (!seen.TryGetValue(entry.Item.Key, out var shown))
                    seen[entry.Item.Key] = shown = new Shown(data, []);
                else if (!JsonNode.DeepEquals(shown.Data, data))
                    shown.Data["differs on " + channel] = data;
                shown.Channels.Add(channel);
            }
        }

        return seen;
    }
}
