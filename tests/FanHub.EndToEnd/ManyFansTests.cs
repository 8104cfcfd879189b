using System.Text.Json;
using FanHub.Client;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>The whole journey of a poll, with real processes: Redis, two fan nodes, one of which is killed in the middle, editor nodes, and 200 fans.</summary>
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
        await GoThroughAsync([first.Address, second.Address], editorNode.Address, first.KillAsync, (DotNetFans + JavaScriptFans) / 2);
    }

    [Fact]
    public async Task So_it_is_behind_a_balancer_with_two_editor_nodes_on_one_database()
    {
        await using var cluster = await TestCluster.StartAsync();
        await GoThroughAsync([cluster.Address], cluster.Address, cluster.FanNodes[0].KillAsync, (DotNetFans + JavaScriptFans) / 4);
    }

    /// <param name="nodes">Where fans connect to, half of them to one end of the list first, half to the other.</param>
    /// <param name="editors">Where editors do.</param>
    /// <param name="loseNodeAsync">Kills a fan node.</param>
    /// <param name="thrownOff">How many fans have to be thrown off by that, at least.</param>
    private static async Task GoThroughAsync(Uri[] nodes, Uri editors, Func<Task> loseNodeAsync, int thrownOff)
    {
        using var editor = new EditorClient(editors);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        var poll = await editor.CreatePollAsync(Channel);

        await using var scripts = await JavaScriptFansProcess.StartAsync(JavaScriptFans, Channel, nodes);
        var fans = await Task.WhenAll(Enumerable.Range(0, DotNetFans).Select(i => JourneyFan.JoinAsync(Channel, http, i % 2 == 0 ? nodes : [.. nodes.Reverse()])));
        await scripts.AllReadyAsync();

        await editor.TellPollAsync(poll, "open");
        var opened = fans.Select(f => Eventually.TrueAsync(() => f.Poll(poll) is { State: PublicState.Open }, "every fan sees the poll open"));
        await Task.WhenAll(opened);

        // Everybody votes within a second and a half; a node dies in the middle of it.
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
        await loseNodeAsync();
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

        var thrown = js.Count(f => f.GetProperty("connects").GetInt32() > 1) + fans.Count(f => !f.Disconnects.IsEmpty);
        thrown.ShouldBeGreaterThanOrEqualTo(thrownOff, "so many lost their node, and resumed at the other one");
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
