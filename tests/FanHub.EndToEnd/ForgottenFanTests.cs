using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>A fan asks to be forgotten, in a cluster.</summary>
public sealed class ForgottenFanTests
{
    private const string Channel = "medals";

    // What is promised, and what a busy machine may add.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_fan_who_voted_is_forgotten_everywhere_and_the_ballot_stays_counted()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (one, other) = (cluster.FanNodes[0].Address, cluster.FanNodes[1].Address);
        using var editor = new EditorClient(cluster.Address);
        await editor.PutChannelAsync(Channel);
        var poll = await editor.CreatePollAsync(Channel);
        await editor.TellPollAsync(poll, "open");
        var session = await RawFan.SessionAsync(one);
        await using var here = await RawFan.ConnectAsync(one, session.Token);
        await using var there = await RawFan.ConnectAsync(other, session.Token);
        await using var bystander = await RawFan.ConnectAsync(other);
        await Eventually.TrueAsync(
            async () => (await here.InvokeAsync("Vote", new { interaction = poll, choices = (string[])["b"], submission = "s" })).TryGetProperty("result", out _), "the ballot is in the box");
        using var me = new Me(one, session.Token);
        using var meThere = new Me(other, session.Token);
        (await me.PutAsync("""{"name":"Ana"}""")).Chosen.ShouldBeTrue();
        (await meThere.GetAsync()).Name.ShouldBe("Ana");

        (await me.DeleteAsync()).ShouldBe(HttpStatusCode.NoContent);

        var clock = Stopwatch.StartNew();
        (await me.RefusedAsync("""{"name":"Ana"}""")).Code.ShouldBe(ErrorCodes.Unauthorized, "at the node that was asked, at once");
        (await me.RenewAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var connection in (RawFan[])[here, there])
        {
            var notice = await connection.WaitForPushAsync(m => RawFan.IsCall(m, HubMethods.Notice));
            notice.GetProperty("arguments")[0].GetProperty("code").GetString().ShouldBe(NoticeCodes.SessionExpired);
            await connection.WaitForCloseAsync();
        }

        clock.Elapsed.ShouldBeLessThan(Promised);
        (await meThere.RefusedAsync("""{"name":"Bea"}""")).Code.ShouldBe(ErrorCodes.Unauthorized);
        (await meThere.RenewAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        (await meThere.DeleteAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var node in (Uri[])[one, other])
        {
            await Should.ThrowAsync<WebSocketException>(() => RawFan.ConnectAsync(node, session.Token));
            await Should.ThrowAsync<WebSocketException>(() => RawFan.ConnectAsync(node, session.Token, inQuery: true));
        }

        (await bystander.InvokeAsync("Now")).GetProperty("result").GetInt64().ShouldBeGreaterThan(0);
        var result = (await editor.TellPollAsync(poll, "close")).GetProperty("result");
        result.GetProperty("ballots").GetInt64().ShouldBe(1);
        result.GetProperty("counts").GetProperty("b").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task The_client_of_a_forgotten_fan_comes_back_as_a_new_one()
    {
        await using var server = await FanHubProcess.StartNewAsync();
        using var editor = new EditorClient(server.Address);
        using var http = new HttpClient();
        await editor.PutChannelAsync(Channel);
        await using var fan = await JourneyFan.JoinAsync(Channel, http, server.Address);
        var before = fan.Client.Fan;

        using (var me = new Me(server.Address, fan.Client.Token!))
        {
            (await me.DeleteAsync()).ShouldBe(HttpStatusCode.NoContent);
        }

        await Eventually.TrueAsync(() => fan.Client.Fan is { } now && !string.Equals(now, before, StringComparison.Ordinal), "the client has another fan");
        await fan.Client.WaitUntilConnectedAsync().WaitAsync(TimeSpan.FromSeconds(15));
        var poll = await editor.CreatePollAsync(Channel);
        await editor.TellPollAsync(poll, "open");
        await Eventually.TrueAsync(() => fan.Poll(poll) is not null, "the new fan follows on");
    }
}
