using System.Diagnostics;
using FanHub.Realtime.Backplane;
using FanHub.Realtime.Redis;
using FanHub.Testing;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>Redis goes away and comes back; nodes die.</summary>
public sealed class RedisBackplaneFaultTests
{
    private static readonly object?[] World = ["World"];
    // What the library takes for a call, and what a busy machine adds.
    private static readonly TimeSpan Bound = RedisConnection.CallTimeout + TimeSpan.FromSeconds(8);

    [Fact]
    public async Task After_Redis_was_killed_and_started_again_nodes_reach_each_other_as_before()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var here = await NodeAsync(server);
        await using var there = await NodeAsync(server);
        await using var client = await there.ConnectAsync("ann");
        await there.Manager.AddToGroupAsync(client.Id, "g").Within();

        await server.KillAsync();
        await Eventually.TrueAsync(() => !here.Redis!.IsConnected && !there.Redis!.IsConnected, "both nodes have noticed");
        await server.StartAsync();

        await ReachedAgainAsync(client, () => here.Manager.SendAllAsync("All", World), "All");
        await ReachedAgainAsync(client, () => here.Manager.SendGroupAsync("g", "Group", World), "Group");
        await ReachedAgainAsync(client, () => here.Manager.SendUserAsync("ann", "User", World), "User");
        await here.Manager.RemoveFromGroupAsync(client.Id, "g").Within();
        await here.Manager.SendGroupAsync("g", "Group", World).Within();
        await here.Manager.SendConnectionAsync(client.Id, "Last", World).Within();
        await client.ExpectAsync("Last");
    }

    [Fact]
    public async Task While_Redis_is_away_a_node_serves_its_own_connections_and_says_that_it_reaches_no_others()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var here = await NodeAsync(server);
        await using var there = await NodeAsync(server);
        await using var client = await here.ConnectAsync("ann");
        await using var other = await there.ConnectAsync("ann");
        await here.Manager.AddToGroupAsync(client.Id, "g").Within();
        await server.KillAsync();

        await RefusedInTimeAsync(() => here.Manager.SendAllAsync("All", World));
        await client.ExpectAsync("All");
        await RefusedInTimeAsync(() => here.Manager.SendGroupAsync("g", "Group", World));
        await client.ExpectAsync("Group");
        await RefusedInTimeAsync(() => here.Manager.SendUserAsync("ann", "User", World));
        await client.ExpectAsync("User");
        await RefusedInTimeAsync(() => here.Manager.SendConnectionAsync(other.Id, "Hello", World));
        await RefusedInTimeAsync(() => here.Manager.AddToGroupAsync(other.Id, "g"));
        await RefusedInTimeAsync(() => here.Manager.InvokeConnectionAsync<int>(other.Id, "Result", World, CancellationToken.None));

        // What needs no other node works, also for those who come now.
        await here.Manager.SendConnectionAsync(client.Id, "Hello", World).Within();
        await client.ExpectAsync("Hello");
        await using var late = await there.ConnectAsync("eve");
        await there.Manager.AddToGroupAsync(late.Id, "late").Within();
        await RefusedInTimeAsync(() => there.Manager.SendGroupAsync("late", "Group", World));
        await late.ExpectAsync("Group");
        var result = here.Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        await here.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(await client.ExpectInvocationAsync("Result"), 1)).Within();
        (await result.Within()).ShouldBe(1);
        client.Connection.ConnectionAborted.IsCancellationRequested.ShouldBeFalse();
        other.Connection.ConnectionAborted.IsCancellationRequested.ShouldBeFalse();

        // And the group that was joined meanwhile is known when Redis is back.
        await server.StartAsync();
        await ReachedAgainAsync(late, () => here.Manager.SendGroupAsync("late", "Back", World), "Back");
    }

    [Fact]
    public async Task A_Redis_that_does_not_answer_is_given_up_on_in_time()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var here = await NodeAsync(server);
        await using var client = await here.ConnectAsync();
        await server.PauseAsync();
        await RefusedInTimeAsync(() => here.Manager.SendAllAsync("Hello", World));
        await client.ExpectAsync("Hello");
        await here.Manager.AddToGroupAsync(client.Id, "g").WaitAsync(Bound);
        await here.DisconnectAsync(client);
        await server.ResumeAsync();
    }

    [Fact]
    public async Task A_node_that_starts_before_Redis_hears_others_when_it_is_there()
    {
        await using var server = await RedisServer.StartNewAsync();
        await server.KillAsync();
        await using var there = await NodeAsync(server);
        await using var client = await there.ConnectAsync();
        await there.Manager.AddToGroupAsync(client.Id, "g").Within();
        await server.StartAsync();
        await using var here = await NodeAsync(server);
        await ReachedAgainAsync(client, () => here.Manager.SendAllAsync("All", World), "All");
        await ReachedAgainAsync(client, () => here.Manager.SendGroupAsync("g", "Group", World), "Group");
    }

    [Fact]
    public async Task A_result_is_not_waited_for_when_the_node_that_has_the_client_has_died()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var here = await NodeAsync(server, o => (o.ProbeInterval, o.AnswerTimeout) = (TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1)));
        await using var there = await NodeAsync(server);
        await using var client = await there.ConnectAsync();
        var result = here.Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        await client.ExpectInvocationAsync("Result");
        await Task.WhenAny(result, Task.Delay(TimeSpan.FromSeconds(2)));
        result.IsCompleted.ShouldBeFalse("as long as the node lives, its client may take its time");

        // Gone without a word.
        await there.Redis!.DisposeAsync();

        (await Should.ThrowAsync<IOException>(() => result.Within())).Message.ShouldBe($"Connection '{client.Id}' disconnected.");
    }

    private static async Task<BackplaneNode> NodeAsync(RedisServer server, Action<BackplaneOptions>? configure = null) =>
        new(await RedisConnection.OpenAsync(server.ConnectionString, "t"), configure);

    private static async Task RefusedInTimeAsync(Func<Task> send)
    {
        var clock = Stopwatch.StartNew();
        await Should.ThrowAsync<BackplaneUnavailableException>(() => send().Within());
        clock.Elapsed.ShouldBeLessThan(Bound);
    }

    /// <summary>Sends until something arrives: what is sent before both nodes are connected again is lost, as is said.</summary>
    private static async Task ReachedAgainAsync(HubClient client, Func<Task> send, string target)
    {
        var arrived = client.ReadAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await send();
                }
                catch (BackplaneUnavailableException)
                {
                    return false;
                }

                return await Task.WhenAny(arrived, Task.Delay(300)) == arrived;
            },
            $"{target} arrives");
        (await arrived).GetProperty("target").GetString().ShouldBe(target);
        // Those that were late but not lost.
        await client.Connection.WriteAsync(new InvocationMessage("Fence", World));
        while ((await client.ReadAsync()).GetProperty("target").GetString() is var next && next != "Fence")
        {
            next.ShouldBe(target);
        }
    }
}
