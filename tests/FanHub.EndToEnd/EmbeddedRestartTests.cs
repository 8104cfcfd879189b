using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>The journey of a poll on one embedded server that dies between voting and closing.</summary>
public sealed class EmbeddedRestartTests
{
    private const string Channel = "athletics.mens-100m";
    private const int Fans = 50;

    [Fact]
    public async Task Acknowledged_ballots_are_there_after_a_crash_and_fans_catch_up_by_themselves()
    {
        await using var server = await FanHubProcess.StartNewAsync();
        using var editor = new EditorClient(server.Address);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        var poll = await editor.CreatePollAsync(Channel, body => body["changeable"] = true);
        var fans = await Task.WhenAll(Enumerable.Range(0, Fans).Select(_ => JourneyFan.JoinAsync(Channel, http, server.Address)));
        await editor.TellPollAsync(poll, "open");
        await Task.WhenAll(fans.Select((fan, i) => fan.VoteAsync(poll, i % 2 == 0 ? "a" : "b", $"s{i}")));
        (await fans[0].VoteAsync(poll, "c", "changed my mind")).Status.ShouldBe(BallotStatus.Changed);

        // No warning, right behind the last receipt.
        await server.KillAsync();
        await server.StartAsync();

        await Task.WhenAll(fans.Select(f => Eventually.TrueAsync(() => f.Snapshots > 1 && f.Poll(poll) is { State: PublicState.Open }, "fans are back, with a snapshot")));
        (await fans[1].Client.VoteAsync(poll, ["b"], "s1")).ShouldBe(fans[1].Receipt! with { Status = BallotStatus.Repeated });
        (await fans[2].Client.MineAsync([poll])).ShouldHaveSingleItem().Choices.ShouldBe(["a"]);
        await using (var late = await JourneyFan.JoinAsync(Channel, http, server.Address))
        {
            (await late.VoteAsync(poll, "b", "after the restart")).Status.ShouldBe(BallotStatus.Accepted);
            late.Client.Fan.ShouldNotBeOneOf([.. fans.Select(f => f.Client.Fan)]);
        }

        await editor.TellPollAsync(poll, "close");
        await editor.TellPollAsync(poll, "reveal");
        foreach (var fan in fans)
        {
            await fan.SeeRevealedAsync(poll);
            fan.Tally(poll)!.Counts.ShouldBe(new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = (Fans / 2) - 1, ["b"] = (Fans / 2) + 1, ["c"] = 1 }, ignoreOrder: true);
            await fan.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_that_is_asked_to_stop_sends_its_fans_away_and_ends_cleanly()
    {
        await using var server = await FanHubProcess.StartNewAsync();
        using var editor = new EditorClient(server.Address);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        await using var fan = await JourneyFan.JoinAsync(Channel, http, server.Address);

        (await server.StopAsync()).ShouldBe(0, server.Process.Output);

        fan.Notices.ShouldContain(n => n.Code == NoticeCodes.Reconnect);
        server.Process.Output.ShouldNotContain(" ERR ");
    }
}
