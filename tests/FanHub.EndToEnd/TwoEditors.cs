using System.Collections.Concurrent;
using FanHub.Contracts;
using FanHub.Testing;
using Npgsql;

namespace FanHub.EndToEnd;

/// <summary>Redis, PostgreSQL, two editor nodes, a fan node, and a fan who writes down what it sees. The first editor node is the one that gets killed.</summary>
internal sealed class TwoEditors : IAsyncDisposable
{
    public const string Channel = "athletics.mens-100m";

    private readonly HttpClient _http = new();
    private readonly string _database;

    private TwoEditors(RedisServer redis, PostgresServer postgres, string database, FanHubProcess[] nodes)
    {
        Redis = redis;
        Postgres = postgres;
        _database = database;
        (First, Second, FanNode) = (nodes[0], nodes[1], nodes[2]);
        FirstEditor = new EditorClient(First.Address);
        SecondEditor = new EditorClient(Second.Address);
    }

    public RedisServer Redis { get; }

    public PostgresServer Postgres { get; }

    public FanHubProcess First { get; }

    public FanHubProcess Second { get; }

    public FanHubProcess FanNode { get; }

    public EditorClient FirstEditor { get; }

    public EditorClient SecondEditor { get; }

    public JourneyFan Fan { get; private set; } = null!;

    /// <summary>What the fan saw of polls: <c>id state</c>, in order.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    public static async Task<TwoEditors> StartAsync()
    {
        var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.EverySecond });
        var postgres = await PostgresServer.StartNewAsync();
        var database = await postgres.NewDatabaseAsync();
        // Together, on an empty database, each in a folder of its own.
        var nodes = await Task.WhenAll(
            FanHubProcess.StartNewAsync(Settings.EditorNode(redis, database)), FanHubProcess.StartNewAsync(Settings.EditorNode(redis, database)), FanHubProcess.StartNewAsync(Settings.Node(redis, "fan")));
        var cluster = new TwoEditors(redis, postgres, database, nodes);
        await cluster.FirstEditor.PutChannelAsync(Channel);
        cluster.Fan = await Eventually.GetAsync(() => JourneyFan.JoinAsync(Channel, cluster._http, cluster.FanNode.Address));
        cluster.Fan.View.Changed += update =>
        {
            if (update.Kind == ItemKinds.Poll)
            {
                cluster.Seen.Enqueue($"{update.Key[(ItemKinds.Poll.Length + 1)..]} {update.Data?.GetProperty("state").GetString()}");
            }
        };
        return cluster;
    }

    /// <summary>Runs SQL in a transaction that stays open, with the locks that it took, until the connection is disposed of.</summary>
    public async Task<NpgsqlConnection> HoldAsync(string sql)
    {
        var connection = await PostgresServer.ConnectAsync(_database);
        await using var command = new NpgsqlCommand("BEGIN; " + sql, connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Makes whoever wants to save something that concerns the channel wait.</summary>
    public Task<NpgsqlConnection> HoldSavingAsync() => HoldAsync($"SELECT 1 FROM channels WHERE id = '{Channel}' FOR NO KEY UPDATE");

    /// <summary>Waits until somebody waits for a lock.</summary>
    public Task SomebodyWaitsAsync() => Eventually.TrueAsync(
        () => AskAsync("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"), "somebody waits for the lock");

    /// <summary>Waits until there is a row in the outbox.</summary>
    public Task SavedAsync() => Eventually.TrueAsync(() => AskAsync("SELECT EXISTS (SELECT 1 FROM outbox)"), "it is saved");

    /// <summary>Waits until there is no row in the outbox.</summary>
    public Task PublishedAsync() => Eventually.TrueAsync(() => AskAsync("SELECT NOT EXISTS (SELECT 1 FROM outbox)"), "the outbox is empty");

    /// <summary>Waits until the fan saw that, as the last thing.</summary>
    public Task FanSeesAsync(string poll, string state) => Eventually.TrueAsync(() => Seen.LastOrDefault() == $"{poll} {state}", $"the fan sees {poll} {state}", TimeSpan.FromSeconds(40));

    /// <summary>Says that each logged update arrived once and in order, without a snapshot or a new connection in between.</summary>
    public async Task CheckFanAsync(params string[] seen)
    {
        await PublishedAsync();
        var head = System.Text.Json.JsonElement.Parse(await _http.GetStringAsync(new Uri(FanNode.Address, $"/api/v1/channels/{Channel}"))).GetProperty("offset").GetInt64();
        head.ShouldBe(seen.Length);
        Seen.ShouldBe(seen);
        Fan.Offsets.ShouldBe(Enumerable.Range(1, seen.Length).Select(o => (long)o), "every offset once, in order");
        Fan.Snapshots.ShouldBe(1);
        Fan.Disconnects.ShouldBeEmpty();
    }

    /// <summary>Sends it, to a node that will be killed or frozen before it can answer.</summary>
    public static async Task SendIntoTheVoidAsync(Task request)
    {
        try
        {
            await request;
        }
        catch (HttpRequestException)
        {
            // Killed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Fan.DisposeAsync();
        FirstEditor.Dispose();
        SecondEditor.Dispose();
        _http.Dispose();
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await FanNode.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private async Task<bool> AskAsync(string sql)
    {
        await using var connection = await PostgresServer.ConnectAsync(_database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
