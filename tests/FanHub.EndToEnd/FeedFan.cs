using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Client;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>A fan of the sample final: follows its channels, writes down every version it sees, and notes whenever one is older than one before.</summary>
internal sealed class FeedFan : IAsyncDisposable
{
    /// <summary>The channels of the final.</summary>
    public static readonly IReadOnlyList<string> Channels = ["unit.swmw100mfr------------fnl-000100--", "sport.swm", "noc.aaa", "noc.bbb", "noc.ccc", "noc.ddd", "medals"];

    private readonly Lock _lock = new();
    private readonly List<string> _regressions = [];
    private readonly List<Update> _seen = [];
    private readonly Dictionary<string, (long Item, long Source)> _newest = new(StringComparer.Ordinal);
    private readonly List<ChannelView> _views = [];

    private FeedFan(FanHubClient client) => Client = client;

    public FanHubClient Client { get; }

    /// <summary>What went back, which nothing should.</summary>
    public IReadOnlyList<string> Regressions
    {
        get
        {
            lock (_lock)
            {
                return [.. _regressions];
            }
        }
    }

    /// <summary>Every update, in the order of arrival.</summary>
    public IReadOnlyList<Update> Seen
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Makes the channels, so that they can be followed before there is a result, connects, and follows.</summary>
    public static async Task<FeedFan> JoinAsync(HttpClient http, EditorClient editor, IReadOnlyList<string> channels, params Uri[] nodes)
    {
        foreach (var channel in channels)
        {
            await editor.PutChannelAsync(channel);
        }

        var fan = new FeedFan(new FanHubClient(new FanHubClientOptions { Addresses = nodes, Http = http, MaxBackoff = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromSeconds(20) }));
        fan.Client.Start();
        foreach (var channel in channels)
        {
            var view = await Eventually.GetAsync(() => fan.Client.FollowAsync(channel).WaitAsync(TimeSpan.FromSeconds(60)));
            foreach (var update in view.Items.Values)
            {
                fan.See(update);
            }

            view.Changed += fan.See;
            fan._views.Add(view);
        }

        return fan;
    }

    /// <summary>What the fan holds, channel by channel, as text that can be compared; without what tells how it came about.</summary>
    public string State()
    {
        var state = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var view in _views)
        {
            foreach (var (key, item) in view.Items.Where(i => i.Value.Kind is ItemKinds.Result or ItemKinds.Medals or ItemKinds.Schedule))
            {
                var data = JsonNode.Parse(item.Data!.Value.GetRawText())!.AsObject();
                data.Remove("changes");
                data.Remove("corrected");
                if (key == "medals:table")
                {
                    data.Remove("note");
                    data.Remove("lang");
                }

                state[$"{view.Channel} {key}"] = data;
            }
        }

        return JsonSerializer.Serialize(state, new JsonSerializerOptions(WireJson.Options) { WriteIndented = true });
    }

    /// <summary>The lives of the channels, as the fan knows them.</summary>
    public IReadOnlyList<string> Epochs() => [.. _views.Select(v => v.Position?.Epoch ?? "")];

    /// <summary>An item of a channel; null where the fan has none.</summary>
    public JsonElement? Item(string channel, string key) => _views.Single(v => v.Channel == channel).Find(key)?.Data;

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private void See(Update update)
    {
        lock (_lock)
        {
            _seen.Add(update);
            var place = $"{update.Channel} {update.Key}";
            var source = update.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("version", out var version) ? version.GetInt64() : 0;
            var before = _newest.GetValueOrDefault(place);
            if (update.Version < before.Item || (source > 0 && source < before.Source))
            {
                _regressions.Add(string.Create(CultureInfo.InvariantCulture, $"{place}: {before} and then ({update.Version}, {source})"));
            }

            _newest[place] = (Math.Max(before.Item, update.Version), Math.Max(before.Source, source));
        }
    }
}
