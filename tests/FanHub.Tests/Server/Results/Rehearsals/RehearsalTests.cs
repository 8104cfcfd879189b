using System.Text;
using System.Text.Json;
using FanHub.Server.Results.Rehearsals;
using FanHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using static FanHub.Tests.Server.Results.FeedHosts;

namespace FanHub.Tests.Server.Results.Rehearsals;

/// <summary>A feed is played once more, and the real event knows nothing of it.</summary>
public abstract class RehearsalTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task Stored_messages_are_played_on_channels_of_their_own_and_the_real_ones_stay_as_they_are()
    {
        await using var host = await StartAsync(settings: Settings);
        await host.DealAsync(ResultOf(1, "START_LIST"));
        await host.DealAsync(ResultOf(2));
        await host.DealAsync(ResultOf(3, "OFFICIAL"));
        await host.DealAsync(Medallists(1, "AAA"));
        await host.StoreAsync("<OdfBody nothing");
        await host.LevelAsync();
        var real = await HeadsAsync(host, UnitChannel, "sport.swm", "noc.aaa", "medals");

        var started = await host.PostAsync("rehearsals", new { name = "Again", speed = 0 });
        started.Status.ShouldBe(201, started.Content);
        var prefix = started.Body.GetProperty("channelPrefix").GetString()!;
        prefix.ShouldBe($"rehearsal.{started.Id}.");
        var played = await EndAsync(host, started.Id, "finished");
        (played.GetProperty("messages").GetInt32(), played.GetProperty("played").GetInt32(), played.GetProperty("unreadable").GetInt32()).ShouldBe((5, 5, 1));
        (await host.Log.ToldAsync(prefix + UnitChannel, "status")).ShouldBe(["start_list", "live", "official"]);
        foreach (var (channel, key) in ((string, string)[])[(UnitChannel, Result), ("noc.aaa", Result), ("sport.swm", Result), ("medals", "medals:table"), ("medals", $"medals:{Event}")])
        {
            var again = (await host.Log.HeldAsync(prefix + channel, key)).ShouldNotBeNull();
            JsonElement.DeepEquals(again, (await host.Log.HeldAsync(channel, key)).ShouldNotBeNull()).ShouldBeTrue(key);
        }

        (await HeadsAsync(host, UnitChannel, "sport.swm", "noc.aaa", "medals")).ShouldBe(real);
        (await host.WithDbAsync(db => Task.FromResult(db.Channels.Count(c => c.Id.StartsWith("rehearsal"))))).ShouldBe(0);

        (await host.SendAsync(HttpMethod.Delete, $"rehearsals/{started.Id}")).Status.ShouldBe(204);
        await Eventually.TrueAsync(async () => await host.Log.HeldAsync(prefix + UnitChannel, Result) is null && await host.Log.HeldAsync(prefix + "medals", "medals:table") is null, "what it showed is gone");
        (await host.SendAsync(HttpMethod.Get, $"rehearsals/{started.Id}")).Status.ShouldBe(404);
        (await host.Log.HeldAsync(UnitChannel, Result)).ShouldNotBeNull();
    }

    [Fact]
    public async Task It_keeps_the_pace_of_the_feed_and_can_be_stopped()
    {
        using var folder = new Folder();
        folder.Add("1.xml", At("203100000", 1));
        folder.Add("2.xml", At("203130000", 2));
        folder.Add("3.xml.txt", "not one of them");
        await using var host = await StartAsync(settings: With(folder));
        var started = await host.PostAsync("rehearsals", new { folder = "final", speed = 0.1, maxPauseMs = 600_000 });
        started.Status.ShouldBe(201, started.Content);
        var prefix = started.Body.GetProperty("channelPrefix").GetString()!;
        await Eventually.TrueAsync(async () => (await host.Log.ToldAsync(prefix + UnitChannel, "version")).Count == 1, "the first one is shown");
        await Eventually.TrueAsync(async () => (await ReadAsync(host, started.Id)).GetProperty("played").GetInt32() == 1, "it is told how far it is");

        (await host.PostAsync($"rehearsals/{started.Id}/stop")).Status.ShouldBe(200);
        var stopped = await EndAsync(host, started.Id, "stopped");
        (stopped.GetProperty("messages").GetInt32(), stopped.GetProperty("played").GetInt32()).ShouldBe((2, 1));
        (await host.Log.ToldAsync(prefix + UnitChannel, "version")).ShouldBe(["1"]);

        var fast = await host.PostAsync("rehearsals", new { folder = "final", speed = 1, maxPauseMs = 10 });
        await EndAsync(host, fast.Id, "finished");
        (await host.Log.ToldAsync($"rehearsal.{fast.Id}.{UnitChannel}", "version")).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task What_comes_in_after_it_began_is_not_part_of_it()
    {
        await using var host = await StartAsync(settings: Settings);
        await host.DealAsync(ResultOf(1));
        await host.DealAsync(ResultOf(2));
        var script = new StoredScript(host.Services.GetRequiredService<IServiceScopeFactory>(), from: null, to: null);
        (await script.CountAsync(CancellationToken.None)).ShouldBe(2);
        await host.DealAsync(ResultOf(3));

        var played = 0;
        await foreach (var _ in script.ReadAsync(CancellationToken.None))
        {
            played++;
        }

        played.ShouldBe(2);
    }

    [Fact]
    public async Task Only_so_many_play_on_a_node_and_one_that_is_removed_makes_room()
    {
        using var folder = new Folder();
        folder.Add("1.xml", At("203100000", 1));
        folder.Add("2.xml", At("203130000", 2));
        await using var host = await StartAsync(settings: With(folder));
        var ids = new List<string>();
        for (var i = 0; i < RehearsalStage.MaxAtOnce; i++)
        {
            var started = await host.PostAsync("rehearsals", new { folder = "final", speed = 0.1 });
            started.Status.ShouldBe(201, started.Content);
            ids.Add(started.Id);
        }

        var refused = await host.PostAsync("rehearsals", new { folder = "final" });
        (refused.Status, refused.Code).ShouldBe((409, "conflict"));
        (await host.SendAsync(HttpMethod.Get, "rehearsals")).Body.GetProperty("items").GetArrayLength().ShouldBe(RehearsalStage.MaxAtOnce);
        (await host.SendAsync(HttpMethod.Delete, $"rehearsals/{ids[0]}")).Status.ShouldBe(204);
        await Eventually.TrueAsync(async () => (await host.PostAsync("rehearsals", new { folder = "final" })).Status == 201, "there is room");
    }

    [Theory]
    [InlineData("""{"folder": "../final"}""", "folder")]
    [InlineData("""{"folder": "/etc"}""", "folder")]
    [InlineData("""{"folder": "."}""", "folder")]
    [InlineData("""{"folder": "nothing-here"}""", "folder")]
    [InlineData("""{"folder": "empty"}""", "folder")]
    [InlineData("""{"folder": "final", "from": "2026-01-01T00:00:00Z"}""", "from")]
    [InlineData("""{"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}""", "to")]
    [InlineData("""{}""", "from")]
    [InlineData("""{"folder": "final", "speed": 0.01}""", "speed")]
    [InlineData("""{"folder": "final", "speed": -1}""", "speed")]
    [InlineData("""{"folder": "final", "maxPauseMs": -1}""", "maxPauseMs")]
    [InlineData("""{"folder": "final", "name": " "}""", "name")]
    public async Task What_makes_no_sense_is_refused_and_named(string body, string field)
    {
        using var folder = new Folder();
        folder.Add("1.xml", At("203100000", 1));
        Directory.CreateDirectory(Path.Combine(folder.Root, "empty"));
        await using var host = await StartAsync(settings: With(folder));
        var refused = await host.PostAsync("rehearsals", body);
        (refused.Status, refused.Code).ShouldBe((400, "invalid"), refused.Content);
        refused.Body.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(refused.Content);
    }

    [Fact]
    public async Task Without_a_replay_directory_no_folder_is_played()
    {
        await using var host = await StartAsync(settings: Settings);
        var refused = await host.PostAsync("rehearsals", new { folder = "final" });
        refused.Status.ShouldBe(400);
        refused.Content.ShouldContain("FanHub:Odf:ReplayDirectory");
    }

    [Fact]
    public async Task One_whose_node_is_gone_is_said_to_have_failed_and_can_be_removed()
    {
        await using var host = await StartAsync(settings: Settings);
        var longAgo = DateTimeOffset.UtcNow.AddMinutes(-1);
        await host.WithDbAsync(async db =>
        {
            db.Rehearsals.Add(new Rehearsal { Id = "0123456789abcdef", Name = "Lost", Speed = 1, MaxPauseMs = 0, CreatedAt = longAgo, SeenAt = longAgo, Channels = ["rehearsal.0123456789abcdef.medals"] });
            return await db.SaveChangesAsync();
        });
        await host.Log.AppendAsync("rehearsal.0123456789abcdef.medals", new() { Key = "medals:table", Kind = "medals", Class = FanHub.Contracts.DeliveryClass.Logged, Version = 7, At = longAgo, Data = "{}"u8.ToArray() });
        var lost = await ReadAsync(host, "0123456789abcdef");
        lost.GetProperty("state").GetString().ShouldBe("failed");
        lost.GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
        (await host.SendAsync(HttpMethod.Delete, "rehearsals/0123456789abcdef")).Status.ShouldBe(204);
        (await host.Log.HeldAsync("rehearsal.0123456789abcdef.medals", "medals:table")).ShouldBeNull();
        (await host.SendAsync(HttpMethod.Get, "rehearsals")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private static string At(string time, int version) => Encoding.UTF8.GetString(ResultOf(version)).Replace("203102250", time, StringComparison.Ordinal);

    private static Dictionary<string, string?> With(Folder folder)
    {
        var settings = Settings;
        settings["FanHub:Odf:ReplayDirectory"] = folder.Root;
        return settings;
    }

    private static async Task<JsonElement> ReadAsync(EditorialHost host, string id) => (await host.SendAsync(HttpMethod.Get, $"rehearsals/{id}")).Body;

    private static async Task<JsonElement> EndAsync(EditorialHost host, string id, string state)
    {
        JsonElement last = default;
        await Eventually.TrueAsync(async () => (last = await ReadAsync(host, id)).GetProperty("state").GetString() == state, $"the rehearsal is {state}");
        return last;
    }

    private static async Task<IReadOnlyList<long>> HeadsAsync(EditorialHost host, params string[] channels) => [.. (await host.Log.HeadsAsync(channels)).Select(h => h!.Revision)];

    private sealed class Folder : IDisposable
    {
        public Folder() => Directory.CreateDirectory(Path.Combine(Root, "final"));

        public string Root { get; } = Directory.CreateTempSubdirectory("fanhub-replay-").FullName;

        public void Add(string file, string content) => File.WriteAllText(Path.Combine(Root, "final", file), content);

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }
}

public sealed class RehearsalsOnSqlite() : RehearsalTests(Sqlite);

public sealed class RehearsalsOnPostgres(PostgresFixture postgres) : RehearsalTests(postgres.NewDatabaseAsync);
