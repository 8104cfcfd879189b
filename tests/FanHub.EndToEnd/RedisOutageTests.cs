using System.Diagnostics;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>Redis goes away in the middle of a poll, and comes back.</summary>
public sealed class RedisOutageTests
{
    private const string Channel = "medals";
    private const int Fans = 40;

    [Fact]
    public async Task Redis_is_killed_and_started_again_connections_stay_nothing_acknowledged_is_lost_and_delivery_resumes()
    {
        await using var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.EverySecond });
        await using var editorNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "editor"));
        await using var first = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        await using var second = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        using var editor = new EditorClient(editorNode.Address);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        var poll = await editor.CreatePollAsync(Channel);
        var waiting = await editor.CreatePollAsync(Channel);
        var fans = await Task.WhenAll(Enumerable.Range(0, Fans).Select(i => JourneyFan.JoinAsync(Channel, http, i % 2 == 0 ? first.Address : second.Address)));
        await editor.TellPollAsync(poll, "open");

        // Half of the ballots are in when Redis dies; the others are cast into the outage, and insist.
        await Task.WhenAll(fans.Take(Fans / 2).Select((fan, i) => fan.VoteAsync(poll, "a", $"s{i}")));
        await redis.KillAsync();
        var insisting = fans.Skip(Fans / 2).Select((fan, i) => fan.VoteAsync(poll, "b", $"t{i}")).ToList();
        await Task.WhenAll(fans.Select(f => Eventually.TrueAsync(() => f.Notices.Any(n => n.Code == NoticeCodes.Stale), "fans are told that they may be out of date")));
        insisting.ShouldAllBe(vote => !vote.IsCompleted);

        // Editors are refused, and nothing is half-done.
        var refused = await Should.ThrowAsync<HttpRequestException>(() => editor.TellPollAsync(waiting, "open"));
        refused.Message.ShouldContain("\"code\":\"unavailable\"");
        (await editor.GetPollAsync(waiting)).GetProperty("state").GetString().ShouldBe("draft");
        (await IsReadyAsync(http, first)).ShouldBeFalse();

        await redis.StartAsync();
        var clock = Stopwatch.StartNew();
        await Eventually.GetAsync(() => editor.TellPollAsync(waiting, "open"));
        await Task.WhenAll(fans.Select(f => Eventually.TrueAsync(() => f.Poll(waiting) is { State: PublicState.Open }, "every fan sees what was published after Redis came back")));
        TestContext.Current.TestOutputHelper?.WriteLine($"delivery resumed {clock.Elapsed.TotalSeconds:0.0} s after Redis answered");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await Task.WhenAll(insisting).WaitAsync(TimeSpan.FromSeconds(30));

        await editor.TellPollAsync(poll, "close");
        await editor.TellPollAsync(poll, "reveal");
        foreach (var fan in fans)
        {
            await fan.SeeRevealedAsync(poll);
            fan.Tally(poll)!.Counts["a"].ShouldBe(Fans / 2);
            fan.Tally(poll)!.Counts["b"].ShouldBe(Fans / 2);
            fan.Offsets.ShouldBe([1, 2, 3, 4], "every logged update once, in order");
            fan.Snapshots.ShouldBe(1);
            fan.Disconnects.ShouldBeEmpty("connections stay while Redis is away");
            fan.Notices.Select(n => n.Code).ShouldContain(NoticeCodes.Fresh);
        }

        (await IsReadyAsync(http, first)).ShouldBeTrue();
        editorNode.Process.Output.ShouldContain("this has to be the only editor node");
        first.Process.Output.Split("\n").Where(l => l.Contains(" ERR ", StringComparison.Ordinal)).ShouldBeEmpty();
        foreach (var fan in fans)
        {
            await fan.DisposeAsync();
        }
    }

    [Fact]
    public async Task While_Redis_does_not_answer_ballots_are_refused_as_unavailable_and_count_once_when_sent_again()
    {
        await using var redis = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.EverySecond });
        await using var editorNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "editor"));
        await using var fanNode = await FanHubProcess.StartNewAsync(Settings.Node(redis, "fan"));
        using var editor = new EditorClient(editorNode.Address);
        await editor.PutChannelAsync(Channel);
        var poll = await editor.CreatePollAsync(Channel);
        await editor.TellPollAsync(poll, "open");
        await using var fan = await RawFan.ConnectAsync(fanNode.Address);
        await fan.InvokeAsync("Follow", new { channel = Channel });
        var ballot = new { interaction = poll, choices = (string[])["a"], submission = "s" };

        await redis.PauseAsync();
        var during = await fan.InvokeAsync("Vote", ballot);
        await redis.ResumeAsync();

        during.GetProperty("error").GetString().ShouldStartWith("unavailable: ");
        var after = await Eventually.GetAsync(async () => (await fan.InvokeAsync("Vote", ballot)).GetProperty("result"));
        after.GetProperty("status").GetString().ShouldBeOneOf("accepted", "repeated");
        (await editor.TellPollAsync(poll, "close")).GetProperty("result").GetProperty("ballots").GetInt64().ShouldBe(1);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, FanHubProcess node)
    {
        using var response = await http.GetAsync(new Uri(node.Address, "/health/ready"));
        return response.IsSuccessStatusCode;
    }
}
