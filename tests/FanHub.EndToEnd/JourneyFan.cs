using System.Collections.Concurrent;
using FanHub.Client;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>A fan of a journey: follows one channel, and writes down what it sees and is told.</summary>
internal sealed class JourneyFan : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<long> _offsets = [];

    private JourneyFan(FanHubClient client) => Client = client;

    public FanHubClient Client { get; }

    public ChannelView View { get; private set; } = null!;

    /// <summary>Offsets of logged updates, in the order seen; a snapshot begins them anew.</summary>
    public IReadOnlyList<long> Offsets
    {
        get
        {
            lock (_lock)
            {
                return [.. _offsets];
            }
        }
    }

    public int Snapshots { get; private set; }

    public ConcurrentQueue<Notice> Notices { get; } = new();

    public ConcurrentQueue<Exception?> Disconnects { get; } = new();

    public BallotReply? Receipt { get; private set; }

    /// <summary>Connects to the nodes given, the first one first, and follows.</summary>
    public static async Task<JourneyFan> JoinAsync(string channel, HttpClient http, params Uri[] nodes)
    {
        var fan = new JourneyFan(new FanHubClient(new FanHubClientOptions { Addresses = nodes, Http = http, MaxBackoff = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromSeconds(20) }));
        fan.Client.Noticed += fan.Notices.Enqueue;
        fan.Client.Disconnected += fan.Disconnects.Enqueue;
        fan.Client.Start();
        fan.View = await fan.Client.FollowAsync(channel).WaitAsync(TimeSpan.FromSeconds(60));
        fan.Snapshots = 1;
        fan.View.Replaced += _ =>
        {
            lock (fan._lock)
            {
                fan.Snapshots++;
                fan._offsets.Clear();
            }
        };
        fan.View.Changed += update =>
        {
            if (update.Class == DeliveryClass.Logged)
            {
                lock (fan._lock)
                {
                    fan._offsets.Add(update.Offset);
                }
            }
        };
        return fan;
    }

    /// <summary>Votes, and keeps the receipt.</summary>
    public async Task<BallotReply> VoteAsync(string poll, string choice, string submission) => Receipt = await Client.VoteAsync(poll, [choice], submission);

    /// <summary>The poll as this fan sees it.</summary>
    public PollItem? Poll(string id) => Read<PollItem>($"{ItemKinds.Poll}:{id}");

    /// <summary>The count as this fan sees it.</summary>
    public TallyItem? Tally(string id) => Read<TallyItem>($"{ItemKinds.Tally}:{id}");

    /// <summary>Waits until the fan sees the poll revealed, with its final count.</summary>
    public Task SeeRevealedAsync(string id) => Eventually.TrueAsync(
        () => Poll(id) is { State: PublicState.Revealed } && Tally(id) is { Final: true }, $"fan {Client.Fan} sees {id} revealed (it sees {Poll(id)?.State} and {Tally(id)})", TimeSpan.FromSeconds(30));

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private T? Read<T>(string key)
        where T : class =>
        View.Find(key)?.Data is { } data ? System.Text.Json.JsonSerializer.Deserialize<T>(data, WireJson.Options) : null;
}
