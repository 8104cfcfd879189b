using System.Text.Json;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>The audience of two nodes is counted as one.</summary>
public sealed class AudienceTests
{
    [Fact]
    public async Task Followers_of_all_nodes_add_up_for_fans_and_for_editors_and_those_of_a_node_that_leaves_are_taken_off()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var editorNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "editor"));
        var settings = Settings.Node(redis, "fan");
        settings["FanHub:Audience:Interval"] = "00:00:00.300";
        await using var first = await FanHubProcess.StartNewAsync(settings);
        await using var second = await FanHubProcess.StartNewAsync(settings);
        using var editor = new EditorClient(editorNode.Address);
        await editor.PutChannelAsync("medals");
        await editor.PutChannelAsync("other");

        await using var watcher = await FollowAsync(first, locale: null);
        await using var french = await FollowAsync(first, "fr-CA");
        await using var alsoFrench = await FollowAsync(second, "fr");
        await using var arab = await FollowAsync(second, "ar");

        var audience = await watcher.WaitForUpdateAsync(u => u.GetProperty("kind").GetString() == "audience" && Followers(u) == 4);
        audience.GetProperty("key").GetString().ShouldBe("audience:medals");
        audience.GetProperty("class").GetString().ShouldBe("latest");
        audience.GetProperty("data").GetProperty("languages").Deserialize<Dictionary<string, int>>().ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["ar"] = 1, ["fr"] = 2 }, ignoreOrder: true);
        var stats = await editor.SendAsync(HttpMethod.Get, "stats", body: null);
        stats.GetProperty("connections").GetInt32().ShouldBe(4);
        stats.GetProperty("nodes").GetArrayLength().ShouldBe(2);
        stats.GetProperty("channels").GetProperty("medals").GetProperty("followers").GetInt32().ShouldBe(4);

        (await second.StopAsync()).ShouldBe(0);
        // Sooner than a report ages.
        await watcher.WaitForUpdateAsync(u => u.GetProperty("kind").GetString() == "audience" && Followers(u) == 2).WaitAsync(TimeSpan.FromSeconds(8));
    }

    private static int Followers(JsonElement update) => update.GetProperty("data").GetProperty("followers").GetInt32();

    private static async Task<RawFan> FollowAsync(FanHubProcess node, string? locale)
    {
        var fan = await RawFan.ConnectAsync(node.Address);
        (await fan.InvokeAsync("Follow", new { channel = "medals", locale })).TryGetProperty("result", out _).ShouldBeTrue();
        return fan;
    }
}
