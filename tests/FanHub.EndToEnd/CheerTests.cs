using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>Cheers of all nodes are added up, and reach those who follow.</summary>
public sealed class CheerTests
{
    [Fact]
    public async Task Cheers_of_two_nodes_are_one_rate_a_second_for_followers_of_both_and_stay_nowhere()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var editorNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "editor"));
        await using var first = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        await using var second = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        using var editor = new EditorClient(editorNode.Address);
        await editor.PutChannelAsync("medals");
        await AllowAsync(editor, "medals", "fire", "clap");
        await using var one = await FollowAsync(first, "medals");
        await using var other = await FollowAsync(second, "medals");
        await one.WaitForReactionsAsync("medals");
        await other.WaitForReactionsAsync("medals");

        var random = new Random(11);
        var sent = new Dictionary<string, long>(StringComparer.Ordinal) { ["fire"] = 0, ["clap"] = 0 };
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(4))
        {
            foreach (var fan in (CheeringFan[])[one, other])
            {
                var reaction = random.Next(2) == 0 ? "fire" : "clap";
                var count = random.Next(1, 51);
                await fan.CheerAsync("medals", reaction, count);
                sent[reaction] += count;
            }

            await Task.Delay(20);
        }

        var cheered = clock.Elapsed;
        foreach (var fan in (CheeringFan[])[one, other])
        {
            await fan.WaitUntilAsync(() => Sum(fan.Cheers("medals")).Values.Sum() >= sent.Values.Sum());
            Sum(fan.Cheers("medals")).ShouldBe(sent, ignoreOrder: true);
            var seconds = fan.Cheers("medals").Select(u => u.GetProperty("version").GetInt64()).ToList();
            seconds.ShouldBe([.. seconds.Distinct().Order()], "one for each second");
            seconds.Count.ShouldBeInRange(4, (int)cheered.TotalSeconds + 2);
            var cheer = fan.Cheers("medals").First();
            cheer.GetProperty("key").GetString().ShouldBe("cheer:medals");
            cheer.GetProperty("class").GetString().ShouldBe("fleeting");
            cheer.GetProperty("data").GetProperty("of").GetString().ShouldBe("medals");
            cheer.GetProperty("data").GetProperty("seconds").GetInt32().ShouldBe(1);
        }

        one.Cheers("medals").Select(u => u.GetProperty("version").GetInt64()).ShouldBe(other.Cheers("medals").Select(u => u.GetProperty("version").GetInt64()));
        using var http = new HttpClient();
        var snapshot = await http.GetStringAsync(new Uri(first.Address, "/api/v1/channels/medals"));
        snapshot.ShouldContain("reactions:medals");
        snapshot.ShouldNotContain("cheer:medals");
    }

    [Fact]
    public async Task What_does_not_count_is_dropped_without_a_word_and_takes_no_other_call_away()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Limits:Enabled"] = "true" });
        using var editor = new EditorClient(server.Address);
        await editor.PutChannelAsync("medals");
        await editor.PutChannelAsync("other");
        await editor.PutChannelAsync("quiet");
        await AllowAsync(editor, "medals", "fire");
        await AllowAsync(editor, "other", "fire");
        await using var fan = await FollowAsync(server, "medals");
        await fan.WaitForReactionsAsync("medals");
        await fan.FollowAsync("quiet");

        await fan.CheerAsync("medals", "wave", 1);
        await fan.CheerAsync("medals", "FIRE", 1);
        await fan.CheerAsync("medals", "fire", 0);
        await fan.CheerAsync("medals", "fire", -5);
        await fan.CheerAsync("medals", "fire", 51);
        await fan.CheerAsync("other", "fire", 1);
        await fan.CheerAsync("quiet", "fire", 1);
        await fan.CheerAsync("nowhere", "fire", 1);
        await fan.SendAsync("""{"type":1,"target":"Cheer","arguments":[null]}""");
        await fan.SendAsync("""{"type":1,"target":"Cheer","arguments":[{"channel":"medals"}]}""");
        await fan.SendAsync("""{"type":1,"target":"Cheer","arguments":[{"channel":"medals","reaction":"fire","count":"many"}]}""");
        await fan.CheerAsync("medals", "fire", 1);
        (await fan.WaitForCheerAsync("medals")).GetProperty("data").GetProperty("rates").GetRawText().ShouldBe("""{"fire":1}""");

        // Many more messages than a fan may make calls.
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 300; i++)
        {
            await fan.CheerAsync("medals", "fire", 50);
        }

        (await fan.Raw.InvokeAsync("Now")).TryGetProperty("result", out _).ShouldBeTrue();
        (await fan.Raw.InvokeAsync("Cheer", new { channel = "medals", reaction = "wave", count = 1 })).TryGetProperty("error", out _).ShouldBeFalse();
        var atMost = 41 + (20 * (long)Math.Ceiling(clock.Elapsed.TotalSeconds));
        await fan.WaitUntilAsync(() => Sum(fan.Cheers("medals"))["fire"] >= 40);
        Sum(fan.Cheers("medals"))["fire"].ShouldBeInRange(40, atMost);
        fan.Raw.Pushed.ShouldAllBe(m => m.GetProperty("type").GetInt32() == 1, "nobody awaits an answer, so that none comes");
    }

    [Fact]
    public async Task Reactions_that_are_changed_hold_at_once()
    {
        await using var server = await FanHubProcess.StartNewAsync();
        using var editor = new EditorClient(server.Address);
        await editor.PutChannelAsync("medals");
        await using var fan = await FollowAsync(server, "medals");
        await fan.CheerAsync("medals", "fire", 5);
        await AllowAsync(editor, "medals", "fire");
        await fan.WaitForReactionsAsync("medals");
        await fan.CheerAsync("medals", "fire", 2);
        (await fan.WaitForCheerAsync("medals")).GetProperty("data").GetProperty("rates").GetRawText().ShouldBe("""{"fire":2}""");

        await AllowAsync(editor, "medals");
        await fan.Raw.WaitForUpdateAsync(u => u.GetProperty("kind").GetString() == "reactions" && u.GetProperty("data").ValueKind == JsonValueKind.Null);
        await fan.CheerAsync("medals", "fire", 3);
        await AllowAsync(editor, "medals", "clap");
        await fan.Raw.WaitForUpdateAsync(u => u.GetProperty("kind").GetString() == "reactions" && u.GetProperty("version").GetInt64() == 3);
        await fan.CheerAsync("medals", "fire", 4);
        await fan.CheerAsync("medals", "clap", 6);
        (await fan.Raw.WaitForUpdateAsync(u => u.GetProperty("kind").GetString() == "cheer" && u.GetRawText().Contains("clap", StringComparison.Ordinal)))
            .GetProperty("data").GetProperty("rates").GetRawText().ShouldBe("""{"clap":6}""");
    }

    private static async Task<CheeringFan> FollowAsync(FanHubProcess node, string channel)
    {
        var fan = new CheeringFan(await RawFan.ConnectAsync(node.Address));
        await fan.FollowAsync(channel);
        return fan;
    }

    private static Task<JsonElement> AllowAsync(EditorClient editor, string channel, params string[] reactions) =>
        editor.SendAsync(HttpMethod.Put, $"cheers/{channel}", new JsonObject { ["reactions"] = new JsonArray([.. reactions.Select(r => JsonValue.Create(r))]) });

    private static Dictionary<string, long> Sum(IEnumerable<JsonElement> cheers) => cheers
        .SelectMany(u => u.GetProperty("data").GetProperty("rates").EnumerateObject())
        .GroupBy(r => r.Name, r => r.Value.GetInt64(), StringComparer.Ordinal)
        .ToDictionary(r => r.Key, r => r.Sum(), StringComparer.Ordinal);

    /// <summary>A fan who cheers and hears how all cheer.</summary>
    private sealed class CheeringFan(RawFan fan) : IAsyncDisposable
    {
        private readonly List<JsonElement> _snapshot = [];

        public RawFan Raw => fan;

        public IEnumerable<JsonElement> Cheers(string channel) => fan.Updates.Where(u => u.GetProperty("key").GetString() == $"cheer:{channel}");

        public async Task FollowAsync(string channel)
        {
            var reply = (await fan.InvokeAsync("Follow", new { channel })).GetProperty("result");
            _snapshot.AddRange(reply.GetProperty("updates").EnumerateArray());
            _snapshot.ShouldAllBe(u => u.GetProperty("kind").GetString() != "cheer");
        }

        public Task SendAsync(string message) => fan.SendAsync(message);

        /// <summary>Without an invocation id, as clients do.</summary>
        public Task CheerAsync(string channel, string reaction, int count) =>
            fan.SendAsync($$"""{"type":1,"target":"Cheer","arguments":[{"channel":"{{channel}}","reaction":"{{reaction}}","count":{{count}}}]}""");

        public Task<JsonElement> WaitForCheerAsync(string channel) => fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == $"cheer:{channel}");

        public async Task WaitForReactionsAsync(string channel)
        {
            if (_snapshot.All(u => u.GetProperty("key").GetString() != $"reactions:{channel}"))
            {
                await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == $"reactions:{channel}");
            }
        }

        public async Task WaitUntilAsync(Func<bool> condition)
        {
            while (!condition())
            {
                var before = fan.Pushed.Count;
                await fan.WaitForPushAsync(_ => fan.Pushed.Count > before);
            }
        }

        public ValueTask DisposeAsync() => fan.DisposeAsync();
    }
}
