using System.Text.Json;
using FanHub.Client;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>The whole journey of a poll, with real processes: Redis, two fan nodes, one of which is killed in the middle, an editor node, and 200 fans.</summary>
public sealed class ManyFansTests
{
    private const string Channel = "athletics.mens-100m";
    private const int DotNetFans = 160;
    private const int JavaScriptFans = 40;

    [Fact]
    public async Task Everybody_ends_with_the_same_count_of_exactly_the_ballots_that_were_acknowledged_though_a_node_is_killed()
    {
        await using var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.EverySecond });
        await using var editorNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "editor"));
        await using var first = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        await using var second = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        using var editor = new EditorClient(editorNode.Address);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        var poll = await editor.CreatePollAsync(Channel);

        await using var scripts = await JavaScriptFansProcess.StartAsync(JavaScriptFans, Channel, first.Address, second.Address);
        var fans = await Task.WhenAll(Enumerable.Range(0, DotNetFans).Select(i => i % 2 == 0
            ? JourneyFan.JoinAsync(Channel, http, first.Address, second.Address)
            : JourneyFan.JoinAsync(Channel, http, second.Address, first.Address)));
        await scripts.AllReadyAsync();

        await editor.TellPollAsync(poll, "open");
        var opened = fans.Select(f => Eventually.TrueAsync(() => f.Poll(poll) is { State: PublicState.Open }, "every fan sees the poll open"));
        await Task.WhenAll(opened);

        // Everybody votes within a second and a half; the first node dies in the middle of it.
        var voting = fans.Select((fan, i) => Task.Run(async () =>
        {
            await Task.Delay(Random.Shared.Next(1500));
            await fan.VoteAsync(poll, Choice(i), $"first-{i}");
            if (i % 3 == 0)
            {
                var again = await fan.Client.VoteAsync(poll, [Choice(i)], $"first-{i}");
                again.Status.ShouldBe(BallotStatus.Repeated);
                again.Receipt.ShouldBe(fan.Receipt!.Receipt);
                (await Should.ThrowAsync<FanHubError>(() => fan.Client.VoteAsync(poll, ["c"], $"second-{i}"))).Code.ShouldBe(ErrorCodes.AlreadyVoted);
            }
        })).ToList();
        await Eventually.TrueAsync(() => fans.Count(f => f.Receipt is not null) > DotNetFans / 4, "a quarter of the fans have voted");
        await first.KillAsync();
        await Task.WhenAll(voting).WaitAsync(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => (await editor.GetPollAsync(poll)).GetProperty("tally").GetProperty("ballots").GetInt64() == DotNetFans + JavaScriptFans, "all ballots are in");

        var closed = await editor.TellPollAsync(poll, "close");
        (await Should.ThrowAsync<FanHubError>(() => fans[1].Client.VoteAsync(poll, ["a"], "too late"))).Code.ShouldBe(ErrorCodes.Closed);
        var lateResend = await fans[1].Client.VoteAsync(poll, [Choice(1)], "first-1");
        lateResend.ShouldBe(fans[1].Receipt! with { Status = BallotStatus.Repeated });
        await editor.TellPollAsync(poll, "reveal");

        await Task.WhenAll(fans.Select(f => f.SeeRevealedAsync(poll)));
        var js = await scripts.ResultsAsync();

        var expected = Enumerable.Range(0, DotNetFans).Select(Choice).Concat(Enumerable.Range(0, JavaScriptFans).Select(Choice)).CountBy(c => c).ToDictionary(c => c.Key, c => (long)c.Value, StringComparer.Ordinal);
        foreach (var fan in fans)
        {
            fan.Tally(poll)!.Counts.ShouldBe(expected, ignoreOrder: true);
            fan.Tally(poll)!.Ballots.ShouldBe(DotNetFans + JavaScriptFans);
            // The channel was empty when they came: open, close, reveal are all that was ever logged.
            fan.Snapshots.ShouldBe(1);
            fan.Offsets.ShouldBe([1, 2, 3]);
        }

        js.Count.ShouldBe(JavaScriptFans);
        foreach (var fan in js)
        {
            fan.GetProperty("refusals").GetArrayLength().ShouldBe(0, fan.ToString());
            fan.GetProperty("offsets").Deserialize<long[]>().ShouldBe([1, 2, 3]);
            fan.GetProperty("snapshots").GetInt32().ShouldBe(1);
            fan.GetProperty("state").GetString().ShouldBe("revealed");
            fan.GetProperty("tally").GetProperty("counts").Deserialize<Dictionary<string, long>>()!.ShouldBe(expected, ignoreOrder: true);
        }

        js.Count(f => f.GetProperty("connects").GetInt32() > 1).ShouldBeGreaterThanOrEqualTo(JavaScriptFans / 2, "half of them lost their node");
        fans.Select(f => f.Receipt!.Receipt).Concat(js.Select(f => f.GetProperty("receipt").GetString()!)).Distinct(StringComparer.Ordinal).Count().ShouldBe(DotNetFans + JavaScriptFans);
        var certified = closed.GetProperty("result");
        certified.GetProperty("ballots").GetInt64().ShouldBe(DotNetFans + JavaScriptFans);

        foreach (var fan in fans)
        {
            await fan.DisposeAsync();
        }
    }

    private static string Choice(int fan) => ((string[])["a", "b", "c"])[fan % 3];
}
