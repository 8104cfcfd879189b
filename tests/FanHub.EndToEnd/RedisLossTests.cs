using System.Text.Json;
using FanHub.Client;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>Redis comes back with less than it had: nobody keeps a state that is not the database's.</summary>
public sealed class RedisLossTests
{
    private const string Channel = "medals";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("older")]
    [InlineData("empty")]
    public async Task Every_fan_ends_with_what_the_database_has_under_a_new_epoch(string comesBack)
    {
        await using var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var editorNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "editor"));
        await using var first = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        await using var second = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        using var editor = new EditorClient(editorNode.Address);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        await editor.PutChannelAsync("unwatched");
        var withdrawn = await editor.CreatePollAsync(Channel);
        await editor.TellPollAsync(withdrawn, "open");
        var poll = await editor.CreatePollAsync(Channel);
        await editor.TellPollAsync(poll, "open");
        var unwatched = await editor.CreatePollAsync("unwatched");
        await editor.TellPollAsync(unwatched, "open");
        var fans = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => JourneyFan.JoinAsync(Channel, http, i % 2 == 0 ? first.Address : second.Address)));
        await using var away = await RawFan.ConnectAsync(first.Address);
        await Task.WhenAll(fans.Select(f => f.VoteAsync(poll, "b", f.Client.Fan!)));
        var copy = Directory.CreateTempSubdirectory("fanhub-copy-").FullName;
        Copy(redis.Folder, copy);

        await editor.TellPollAsync(poll, "close");
        await editor.TellPollAsync(poll, "reveal");
        await editor.TellPollAsync(withdrawn, "revoke");
        await editor.TellPollAsync(unwatched, "close");
        await Task.WhenAll(fans.Select(f => f.SeeRevealedAsync(poll)));
        var before = fans[0].View.Position!;

        await redis.KillAsync();
        PutBack(comesBack == "older" ? copy : null, redis);
        await redis.StartAsync();

        await Eventually.TrueAsync(
            () => fans.All(f => f.View.Position!.Epoch != before.Epoch && f.Poll(poll) is { State: PublicState.Revealed } && f.Tally(poll) is { Final: true } && f.Poll(withdrawn) is null && f.Tally(withdrawn) is null),
            $"all have the database's state under a new epoch; the first sees {fans[0].View.Position}, {fans[0].Poll(poll)?.State}, withdrawn {fans[0].Poll(withdrawn)?.State}",
            Limit);
        fans.Select(f => f.View.Position!.Epoch).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        foreach (var fan in fans)
        {
            fan.Tally(poll)!.Counts["b"].ShouldBe(10);
            fan.Disconnects.ShouldBeEmpty();
        }

        // Who was away comes back with a position of the old life.
        var reply = (await away.InvokeAsync("Follow", new { channel = Channel, since = new { epoch = before.Epoch, offset = before.Offset } })).GetProperty("result");
        reply.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        // A channel that nobody follows is mended too.
        await Eventually.TrueAsync(
            async () => (await http.GetStringAsync(new Uri(second.Address, "/api/v1/channels/unwatched"))).Contains("\"state\":\"closed\"", StringComparison.Ordinal), "the unwatched channel is mended", Limit);

        // And the show goes on: a late ballot is refused, a new poll takes them.
        (await Should.ThrowAsync<FanHubError>(() => fans[0].Client.VoteAsync(poll, ["a"], "late"))).Code.ShouldBe(ErrorCodes.Closed);
        var next = await editor.CreatePollAsync(Channel);
        await editor.TellPollAsync(next, "open");
        await Task.WhenAll(fans.Select(f => Eventually.TrueAsync(() => f.Poll(next) is { State: PublicState.Open }, "the next poll is open")));
        (await fans[0].VoteAsync(next, "a", "next")).Status.ShouldBe(BallotStatus.Accepted);
        foreach (var fan in fans)
        {
            await fan.DisposeAsync();
        }

        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task After_a_power_cut_of_everything_a_fan_that_was_offline_does_not_go_on_in_an_older_log()
    {
        await using var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var editorNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "editor"));
        await using var fanNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        using var editor = new EditorClient(editorNode.Address);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        var polls = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            polls.Add(await editor.CreatePollAsync(Channel));
        }

        await editor.TellPollAsync(polls[0], "open");
        await ReachAsync(1);
        var copy = Directory.CreateTempSubdirectory("fanhub-copy-").FullName;
        Copy(redis.Folder, copy);
        await TellAsync((1, "open"), (1, "close"), (2, "open"), (2, "close"), (2, "reveal"));
        var seen = await ReachAsync(6);

        await Task.WhenAll(redis.KillAsync(), editorNode.KillAsync(), fanNode.KillAsync());
        PutBack(copy, redis);
        await redis.StartAsync();
        await Task.WhenAll(editorNode.StartAsync(), fanNode.StartAsync());

        // Enough for the log to get past where the fan was, with other updates than those it had.
        await TellAsync((3, "open"), (4, "open"), (5, "open"), (4, "close"));
        await ReachAsync(seen.GetProperty("offset").GetInt64() + 1);
        await Eventually.TrueAsync(async () => StateOf(await FollowAsync(null), polls[4]) == "closed", "all of it is published");

        var reply = await FollowAsync(new { epoch = seen.GetProperty("epoch").GetString(), offset = seen.GetProperty("offset").GetInt64() });
        reply.GetProperty("recovered").GetBoolean().ShouldBeFalse("what the fan had is of a life that is over");
        reply.GetProperty("epoch").GetString().ShouldNotBe(seen.GetProperty("epoch").GetString());
        foreach (var poll in polls)
        {
            StateOf(reply, poll).ShouldBe((await editor.GetPollAsync(poll)).GetProperty("state").GetString());
        }

        Directory.Delete(copy, recursive: true);

        async Task TellAsync(params (int Poll, string What)[] steps)
        {
            foreach (var (poll, what) in steps)
            {
                await Eventually.GetAsync(() => editor.TellPollAsync(polls[poll], what));
            }
        }

        async Task<JsonElement> FollowAsync(object? since)
        {
            await using var fan = await RawFan.ConnectAsync(fanNode.Address);
            return (await fan.InvokeAsync("Follow", new { channel = Channel, since })).GetProperty("result");
        }

        async Task<JsonElement> ReachAsync(long offset)
        {
            var snapshot = default(JsonElement);
            await Eventually.TrueAsync(
                async () =>
                {
                    using var answer = await http.GetAsync(new Uri(fanNode.Address, $"/api/v1/channels/{Channel}"));
                    snapshot = answer.IsSuccessStatusCode ? JsonElement.Parse(await answer.Content.ReadAsStringAsync()) : default;
                    return answer.IsSuccessStatusCode && snapshot.GetProperty("offset").GetInt64() >= offset;
                },
                $"the channel is at {offset}");
            return snapshot;
        }

        static string? StateOf(JsonElement reply, string poll) =>
            reply.GetProperty("updates").EnumerateArray().LastOrDefault(u => u.GetProperty("key").GetString() == $"poll:{poll}") is { ValueKind: JsonValueKind.Object } update
                ? update.GetProperty("data").GetProperty("state").GetString()
                : null;
    }

    private static void PutBack(string? copy, RedisServer redis)
    {
        Directory.Delete(redis.Folder, recursive: true);
        Directory.CreateDirectory(redis.Folder);
        if (copy is not null)
        {
            Copy(copy, redis.Folder);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
