using System.Net;
using System.Text.Json.Nodes;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>A feed comes in at two editor nodes: one of them derives results, and may be killed; Redis may lose everything.</summary>
public sealed class FeedClusterTests
{
    private const string Derives = "This node derives results now";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task While_the_node_that_derives_is_killed_nothing_acknowledged_is_lost_and_fans_never_see_an_older_version()
    {
        const int Units = 8;
        const int Versions = 50;
        await using var cluster = await Cluster.StartAsync();
        var acknowledged = new int[Units];
        var sending = Enumerable.Range(0, Units).Select(async unit =>
        {
            for (var version = 1; version <= Versions; version++)
            {
                var attempt = version + unit;
                await Eventually.GetAsync(
                    async () =>
                    {
                        // A feed has two addresses, and tries the other one when it gets no answer.
                        using var response = await cluster.SendAsync(cluster.Editors[attempt++ % 2], Version(unit, version));
                        return response.StatusCode == HttpStatusCode.OK ? true : throw new HttpRequestException(response.StatusCode.ToString());
                    },
                    Limit);
                acknowledged[unit] = version;
            }
        }).ToList();
        for (var death = 1; death <= 2; death++)
        {
            var soFar = Units * Versions * death / 4;
            await Eventually.TrueAsync(() => acknowledged.Sum() >= soFar, "messages are acknowledged", Limit);
            var deriving = cluster.Editors.Single(n => n.Process.Output.Contains(Derives, StringComparison.Ordinal));
            var other = cluster.Editors.Single(n => n != deriving);
            await deriving.KillAsync();
            await Eventually.TrueAsync(() => other.Process.Output.Contains(Derives, StringComparison.Ordinal), "the other one derives", Limit);
            await deriving.StartAsync();
        }

        await Task.WhenAll(sending);
        for (var unit = 0; unit < Units; unit++)
        {
            var key = $"result:{Code(unit)}";
            await Eventually.TrueAsync(() => cluster.Fan.Item("sport.swm", key)?.GetProperty("version").GetInt64() == Versions, $"{key} is at its last version", Limit);
        }

        cluster.Fan.Regressions.ShouldBeEmpty();
        using var editor = new EditorClient(cluster.Editors[0].Address);
        var status = await editor.SendAsync(HttpMethod.Get, "feeds/status", body: null);
        status.GetProperty("types").GetProperty("DT_RESULT").GetInt64().ShouldBeGreaterThanOrEqualTo(Units * Versions);
        status.GetProperty("dead").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task From_a_Redis_that_comes_back_empty_results_medals_and_schedule_come_back_and_what_was_removed_does_not()
    {
        await using var cluster = await Cluster.StartAsync();
        foreach (var message in (byte[][])[FeedSamples.InOrder[3], FeedSamples.InOrder[5], FeedSamples.InOrder[6], Version(7, 1), Invalidation(7, 1), Schedule])
        {
            using var response = await cluster.SendAsync(cluster.Editors[1], message);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        }

        using var editor = new EditorClient(cluster.Editors[0].Address);
        await editor.SendAsync(HttpMethod.Put, "results/GONE", JsonNode.Parse("""{"sport":"SWM","title":{"en":"Gone"},"status":"live"}"""));
        await editor.SendAsync(HttpMethod.Put, "results/STAYS", JsonNode.Parse("""{"sport":"SWM","title":{"en":"Stays"},"status":"live"}"""));
        (await editor.Http.DeleteAsync("results/GONE")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(
            () => cluster.Fan.Item("sport.swm", "result:STAYS") is not null && cluster.Fan.Item("medals", "medals:table")?.GetProperty("organisations").GetArrayLength() == 2
                && cluster.Fan.Item("schedule", "schedule:2024-07-31.SWM") is not null && cluster.Fan.Item("sport.swm", $"result:{Code(7)}") is null,
            "the fan has all of it",
            Limit);
        // On every channel: what was held back goes out within a quarter of a second.
        string before;
        do
        {
            before = cluster.Fan.State();
            await Task.Delay(TimeSpan.FromMilliseconds(400));
        }
        while (cluster.Fan.State() != before);

        var epochs = cluster.Fan.Epochs();

        await cluster.Redis.KillAsync();
        Directory.Delete(cluster.Redis.Folder, recursive: true);
        Directory.CreateDirectory(cluster.Redis.Folder);
        await cluster.Redis.StartAsync();
        await Eventually.TrueAsync(
            () => !cluster.Fan.Epochs().Intersect(epochs, StringComparer.Ordinal).Any() && cluster.Fan.State() == before,
            $"everything is back under new epochs; it was\n{before}\nand is\n{cluster.Fan.State()}",
            TimeSpan.FromSeconds(5));

        // And it goes on: versions go on where they were.
        using var next = await cluster.SendAsync(cluster.Editors[0], FeedSamples.InOrder[4]);
        await Eventually.TrueAsync(() => cluster.Fan.Item("sport.swm", $"result:{FeedSamples.Unit}") is null, "the result is withdrawn", Limit);
        cluster.Fan.Item("sport.swm", $"result:{Code(7)}").ShouldBeNull();
        cluster.Fan.Item("sport.swm", "result:GONE").ShouldBeNull();
    }

    private static byte[] Schedule => FeedSamples.Around("DT_SCHEDULE", "SWM-------------------------------", $"""<Unit Code="{FeedSamples.Unit}" ScheduleStatus="FINISHED" StartDate="2024-07-31T20:30:00+02:00"><ItemName Language="ENG" Value="The final"/></Unit>""");

    private static string Code(int unit) => FeedSamples.Unit.Replace("FNL-0001", $"FNL-1{unit:000}", StringComparison.Ordinal);

    private static byte[] Version(int unit, int version) => FeedSamples.With(2, (FeedSamples.Unit, Code(unit)), ("Version=\"3\"", $"Version=\"{version}\""), ("52.10", $"52.{version:00}"));

    private static byte[] Invalidation(int unit, int version) => FeedSamples.With(4, (FeedSamples.Unit, Code(unit)), ("Version=\"4\"", $"Version=\"{version}\""));

    /// <summary>Redis, PostgreSQL, two editor nodes, a fan node, and a fan of the final.</summary>
    private sealed class Cluster : IAsyncDisposable
    {
        private readonly HttpClient _http = new();

        private Cluster(RedisServer redis, PostgresServer postgres, FanHubProcess[] nodes)
        {
            (Redis, Postgres, Editors, FanNode) = (redis, postgres, nodes[..2], nodes[2]);
        }

        public RedisServer Redis { get; }

        public PostgresServer Postgres { get; }

        public FanHubProcess[] Editors { get; }

        public FanHubProcess FanNode { get; }

        public FeedFan Fan { get; private set; } = null!;

        public static async Task<Cluster> StartAsync()
        {
            var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.EverySecond });
            var postgres = await PostgresServer.StartNewAsync();
            var settings = Settings.EditorNode(redis, await postgres.NewDatabaseAsync());
            foreach (var (name, value) in FeedSamples.Settings)
            {
                settings[name] = value;
            }

            var cluster = new Cluster(
                redis, postgres, await Task.WhenAll(FanHubProcess.StartNewAsync(settings), FanHubProcess.StartNewAsync(settings), FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"))));
            using var editor = new EditorClient(cluster.Editors[0].Address);
            cluster.Fan = await FeedFan.JoinAsync(cluster._http, editor, [.. FeedFan.Channels, "schedule"], cluster.FanNode.Address);
            await Eventually.TrueAsync(() => cluster.Editors.Any(n => n.Process.Output.Contains(Derives, StringComparison.Ordinal)), "somebody derives results");
            return cluster;
        }

        public Task<HttpResponseMessage> SendAsync(FanHubProcess node, byte[] message) => FeedSamples.PostAsync(_http, node.Address, message);

        public async ValueTask DisposeAsync()
        {
            await Fan.DisposeAsync();
            _http.Dispose();
            foreach (var node in Editors)
            {
                await node.DisposeAsync();
            }

            await FanNode.DisposeAsync();
            await Redis.DisposeAsync();
            await Postgres.DisposeAsync();
        }
    }
}
