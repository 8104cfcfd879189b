using System.Text.Json;
using FanHub.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>What SignalR asks of a lifetime manager whose nodes reach each other's connections. The first node sends, the last has the connections; nodes in between have some, too, that must not notice.</summary>
public abstract class ScaleOutContract : LifetimeManagerContract
{
    private HubLifetimeManager<EmptyHub> Here => Nodes[0].Manager;

    private BackplaneNode There => Nodes[^1];

    [Fact]
    public async Task A_message_to_all_reaches_the_connections_of_all_nodes()
    {
        var clients = new List<HubClient>();
        foreach (var node in Nodes)
        {
            clients.Add(await node.ConnectAsync());
        }

        await Here.SendAllAsync("Hello", World).Within();
        foreach (var client in clients)
        {
            await client.ExpectAsync("Hello");
            await NothingCameAsync(client);
        }
    }

    [Fact]
    public async Task A_message_to_all_except_some_passes_those_on_other_nodes_by()
    {
        await using var here = await Node.ConnectAsync();
        await using var there = await There.ConnectAsync();
        await using var other = await There.ConnectAsync();
        await Here.SendAllExceptAsync("Hello", World, [there.Id]).Within();
        await here.ExpectAsync("Hello");
        await other.ExpectAsync("Hello");
        await NothingCameAsync(there);
    }

    [Fact]
    public async Task A_message_to_a_connection_finds_it_on_its_node()
    {
        await using var client = await There.ConnectAsync();
        await using var other = await There.ConnectAsync();
        await Here.SendConnectionAsync(client.Id, "Hello", World).Within();
        await client.ExpectAsync("Hello");
        await NothingCameAsync(other);
    }

    [Fact]
    public async Task A_message_to_several_connections_finds_each_on_its_node()
    {
        await using var here = await Node.ConnectAsync();
        await using var there = await There.ConnectAsync();
        await Here.SendConnectionsAsync([here.Id, there.Id], "Hello", World).Within();
        await here.ExpectAsync("Hello");
        await there.ExpectAsync("Hello");
        await NothingCameAsync(here);
        await NothingCameAsync(there);
    }

    [Fact]
    public async Task A_message_to_a_connection_of_the_same_node_does_not_leave_it()
    {
        await using var client = new HubClient();
        await using var witness = await There.ConnectAsync();
        await Node.ConnectAsync(client);
        // As if it were on both, so that it would get twice what left the node.
        await There.ConnectAsync(client);
        await Here.SendConnectionAsync(client.Id, "Hello", World).Within();
        await NothingCameAsync(witness);
        await Here.SendConnectionAsync(client.Id, "Fence", World).Within();
        await client.ExpectAsync("Hello");
        await client.ExpectAsync("Fence");
    }

    [Fact]
    public async Task A_message_to_a_group_reaches_members_on_all_nodes()
    {
        await using var here = await Node.ConnectAsync();
        await using var there = await There.ConnectAsync();
        await using var except = await There.ConnectAsync();
        await using var other = await There.ConnectAsync();
        await Here.AddToGroupAsync(here.Id, "g").Within();
        await There.Manager.AddToGroupAsync(there.Id, "g").Within();
        await There.Manager.AddToGroupAsync(except.Id, "g").Within();
        await There.Manager.AddToGroupAsync(except.Id, "h").Within();
        await Here.SendGroupExceptAsync("g", "Hello", World, [except.Id]).Within();
        await here.ExpectAsync("Hello");
        await there.ExpectAsync("Hello");
        await NothingCameAsync(other);
        await NothingCameAsync(except);
        await Here.SendGroupsAsync(["g", "h"], "Both", World).Within();
        await there.ExpectAsync("Both");
        await except.ExpectAsync("Both");
        await except.ExpectAsync("Both");
        await NothingCameAsync(there);
    }

    [Fact]
    public async Task A_group_may_have_any_name()
    {
        await using var client = await There.ConnectAsync();
        await using var other = await There.ConnectAsync();
        await There.Manager.AddToGroupAsync(client.Id, "a*[b]? ü{x}").Within();
        await Here.SendGroupAsync("a*[b]? ü{x}", "Hello", World).Within();
        await client.ExpectAsync("Hello");
        await There.Manager.AddToGroupAsync(other.Id, "a*").Within();
        await Here.SendGroupAsync("a*[b]? ü{x}", "Hello", World).Within();
        await client.ExpectAsync("Hello");
        await NothingCameAsync(client);
        await NothingCameAsync(other);
    }

    [Fact]
    public async Task A_connection_of_another_node_joins_and_leaves_groups()
    {
        await using var client = await There.ConnectAsync();
        await Here.AddToGroupAsync(client.Id, "g").Within();
        await Here.SendGroupAsync("g", "Hello", World).Within();
        await client.ExpectAsync("Hello");
        await Here.RemoveFromGroupAsync(client.Id, "g").Within();
        await Here.SendGroupAsync("g", "Hello", World).Within();
        await NothingCameAsync(client);
    }

    [Fact]
    public async Task A_connection_of_another_node_that_is_in_the_group_already_is_in_it_once()
    {
        await using var client = await There.ConnectAsync();
        await There.Manager.AddToGroupAsync(client.Id, "g").Within();
        await Here.AddToGroupAsync(client.Id, "g").Within();
        await Here.SendGroupAsync("g", "Hello", World).Within();
        await client.ExpectAsync("Hello");
        await NothingCameAsync(client);
    }

    [Fact]
    public async Task Leaving_a_group_that_one_is_not_in_does_nothing_on_another_node()
    {
        await using var client = await There.ConnectAsync();
        await Here.RemoveFromGroupAsync(client.Id, "g").Within();
        await NothingCameAsync(client);
    }

    [Fact]
    public async Task A_connection_that_no_node_has_joins_no_group()
    {
        var missing = await Should.ThrowAsync<IOException>(() => Here.AddToGroupAsync("1234", "g").Within());
        missing.Message.ShouldContain("1234");
    }

    [Fact]
    public async Task A_message_to_a_user_reaches_the_connections_on_all_nodes()
    {
        await using var here = await Node.ConnectAsync("ann");
        await using var there = await There.ConnectAsync("ann");
        await using var too = await There.ConnectAsync("ann");
        await using var other = await There.ConnectAsync("bob");
        await Here.SendUserAsync("ann", "Hello", World).Within();
        await here.ExpectAsync("Hello");
        await there.ExpectAsync("Hello");
        await too.ExpectAsync("Hello");
        await NothingCameAsync(other);
        await There.DisconnectAsync(there);
        await Here.SendUsersAsync(["ann", "bob"], "Again", World).Within();
        await here.ExpectAsync("Again");
        await too.ExpectAsync("Again");
        await other.ExpectAsync("Again");
        await NothingCameAsync(too);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_written_to_is_no_trouble_for_others()
    {
        await using var broken = await There.ConnectAsync("ann", broken: true);
        await using var whole = await There.ConnectAsync("ann");
        await Here.SendConnectionAsync(broken.Id, "Hello", World).Within();
        await There.Manager.AddToGroupAsync(broken.Id, "g").Within();
        await There.Manager.AddToGroupAsync(whole.Id, "g").Within();
        for (var i = 0; i < 3; i++)
        {
            await Here.SendGroupAsync("g", "Hello", World).Within();
            await There.Manager.SendUserAsync("ann", "Hello", World).Within();
            await whole.ExpectAsync("Hello");
            await whole.ExpectAsync("Hello");
        }
    }

    [Fact]
    public async Task Messages_of_one_node_arrive_in_the_order_in_which_it_sent_them()
    {
        await using var client = await There.ConnectAsync();
        await There.Manager.AddToGroupAsync(client.Id, "g").Within();
        for (var i = 0; i < 500; i++)
        {
            await Here.SendGroupAsync("g", "Count", [i]).Within();
        }

        for (var i = 0; i < 500; i++)
        {
            await client.ExpectAsync("Count", i);
        }
    }

    [Fact]
    public async Task A_client_of_another_node_gives_a_result()
    {
        await using var client = await There.ConnectAsync();
        var result = Here.InvokeConnectionAsync<Dictionary<string, int[]>>(client.Id, "Result", World, CancellationToken.None);
        var invocation = await client.ExpectInvocationAsync("Result");
        // As SignalR does it: the client's node asks what to read the result as, and hands on what was read.
        There.Manager.TryGetReturnType(invocation, out var type).ShouldBeTrue();
        type.ShouldBe(typeof(RawResult));
        var raw = new RawResult(new(JsonSerializer.SerializeToUtf8Bytes(new { marks = new[] { 9, 10 } })));
        await There.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(invocation, raw)).Within();
        (await result.Within())["marks"].ShouldBe([9, 10]);
        There.Manager.TryGetReturnType(invocation, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_of_another_node_gives_an_error_for_a_result()
    {
        await using var client = await There.ConnectAsync();
        var result = Here.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var invocation = await client.ExpectInvocationAsync("Result");
        await There.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithError(invocation, "No.")).Within();
        (await Should.ThrowAsync<HubException>(() => result.Within())).Message.ShouldBe("No.");
    }

    [Fact]
    public async Task A_client_of_another_node_gives_a_result_of_the_wrong_type()
    {
        await using var client = await There.ConnectAsync();
        var result = Here.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var invocation = await client.ExpectInvocationAsync("Result");
        await There.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(invocation, "wrong")).Within();
        (await Should.ThrowAsync<HubException>(() => result.Within())).Message.ShouldStartWith("Error trying to deserialize result to Int32.");
    }

    [Fact]
    public async Task Another_client_of_the_other_node_cannot_give_the_result()
    {
        await using var client = await There.ConnectAsync();
        await using var other = await There.ConnectAsync();
        var result = Here.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var invocation = await client.ExpectInvocationAsync("Result");
        await Should.ThrowAsync<InvalidOperationException>(() => There.Manager.SetConnectionResultAsync(other.Id, CompletionMessage.WithResult(invocation, 1)));
        await There.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(invocation, 10)).Within();
        (await result.Within()).ShouldBe(10);
    }

    [Fact]
    public async Task A_client_of_another_node_that_goes_away_gives_no_result()
    {
        await using var client = await There.ConnectAsync();
        var result = Here.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        await client.ExpectInvocationAsync("Result");
        await There.DisconnectAsync(client);
        (await Should.ThrowAsync<IOException>(() => result.Within())).Message.ShouldBe($"Connection '{client.Id}' disconnected.");
    }

    [Fact]
    public async Task Nodes_that_ask_the_same_client_use_different_ids()
    {
        await using var client = await There.ConnectAsync();
        var own = There.Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var ownInvocation = await client.ExpectInvocationAsync("Result");
        var foreign = Here.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var foreignInvocation = await client.ExpectInvocationAsync("Result");
        foreignInvocation.ShouldNotBe(ownInvocation);
        await There.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(ownInvocation, 2)).Within();
        await There.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(foreignInvocation, 5)).Within();
        (await own.Within()).ShouldBe(2);
        (await foreign.Within()).ShouldBe(5);
    }

    [Fact]
    public async Task A_result_of_another_nodes_client_that_is_no_longer_wanted_is_forgotten_there_too()
    {
        await using var client = await There.ConnectAsync();
        using var stop = new CancellationTokenSource();
        var result = Here.InvokeConnectionAsync<int>(client.Id, "Result", World, stop.Token);
        var invocation = await client.ExpectInvocationAsync("Result");
        await stop.CancelAsync();
        await Should.ThrowAsync<HubException>(() => result.Within());
        await Eventually.TrueAsync(() => !There.Manager.TryGetReturnType(invocation, out _), "the client's node has forgotten the invocation");
        await There.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(invocation, 1)).Within();
    }
}
