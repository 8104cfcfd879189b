using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>What SignalR asks of any lifetime manager, as seen with one node.</summary>
public abstract class LifetimeManagerContract : IAsyncLifetime
{
    private readonly List<BackplaneNode> _nodes = [];

    private protected static object?[] World => ["World"];

    private protected BackplaneNode Node => _nodes[0];

    private protected IReadOnlyList<BackplaneNode> Nodes => _nodes;

    private HubLifetimeManager<EmptyHub> Manager => Node.Manager;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < NodeCount; i++)
        {
            _nodes.Add(await NewNodeAsync());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_message_to_all_reaches_every_connection()
    {
        await using var first = await Node.ConnectAsync();
        await using var second = await Node.ConnectAsync();
        await Manager.SendAllAsync("Hello", World).Within();
        await first.ExpectAsync("Hello");
        await second.ExpectAsync("Hello");
    }

    [Fact]
    public async Task A_message_to_all_except_some_does_not_reach_those()
    {
        await using var first = await Node.ConnectAsync();
        await using var second = await Node.ConnectAsync();
        await Manager.SendAllExceptAsync("Hello", World, [second.Id]).Within();
        await first.ExpectAsync("Hello");
        await NothingCameAsync(second);
    }

    [Fact]
    public async Task A_connection_that_has_ended_gets_nothing()
    {
        await using var first = await Node.ConnectAsync("ann");
        await using var second = await Node.ConnectAsync("ann");
        await Manager.AddToGroupAsync(second.Id, "g").Within();
        await Manager.OnDisconnectedAsync(second.Connection).Within();
        await Manager.SendAllAsync("All", World).Within();
        await Manager.SendGroupAsync("g", "Group", World).Within();
        await Manager.SendUserAsync("ann", "User", World).Within();
        await first.ExpectAsync("All");
        await first.ExpectAsync("User");
        // Nobody counts it as one of theirs any more, so nothing can be sent to ask; what was sent would be there already, because first has got what came later.
        await second.Connection.WriteAsync(new InvocationMessage("Fence", ["now"]));
        await second.ExpectAsync("Fence", "now");
    }

    [Fact]
    public async Task A_message_to_a_group_reaches_its_members_only()
    {
        await using var member = await Node.ConnectAsync();
        await using var other = await Node.ConnectAsync();
        await Manager.AddToGroupAsync(member.Id, "g").Within();
        await Manager.AddToGroupAsync(other.Id, "G").Within();
        await Manager.SendGroupAsync("g", "Hello", World).Within();
        await member.ExpectAsync("Hello");
        await NothingCameAsync(other);
    }

    [Fact]
    public async Task A_message_to_a_group_except_some_does_not_reach_those()
    {
        await using var first = await Node.ConnectAsync();
        await using var second = await Node.ConnectAsync();
        await Manager.AddToGroupAsync(first.Id, "g").Within();
        await Manager.AddToGroupAsync(second.Id, "g").Within();
        await Manager.SendGroupExceptAsync("g", "Hello", World, [second.Id]).Within();
        await first.ExpectAsync("Hello");
        await NothingCameAsync(second);
    }

    [Fact]
    public async Task A_message_to_several_groups_reaches_the_members_of_each()
    {
        await using var first = await Node.ConnectAsync();
        await using var second = await Node.ConnectAsync();
        await using var third = await Node.ConnectAsync();
        await Manager.AddToGroupAsync(first.Id, "a").Within();
        await Manager.AddToGroupAsync(second.Id, "b").Within();
        await Manager.AddToGroupAsync(third.Id, "c").Within();
        await Manager.SendGroupsAsync(["a", "b"], "Hello", World).Within();
        await first.ExpectAsync("Hello");
        await second.ExpectAsync("Hello");
        await NothingCameAsync(third);
    }

    [Fact]
    public async Task Joining_a_group_twice_is_joining_it_once()
    {
        await using var member = await Node.ConnectAsync();
        await Manager.AddToGroupAsync(member.Id, "g").Within();
        await Manager.AddToGroupAsync(member.Id, "g").Within();
        await Manager.SendGroupAsync("g", "Hello", World).Within();
        await member.ExpectAsync("Hello");
        await NothingCameAsync(member);
    }

    [Fact]
    public async Task Who_left_a_group_gets_nothing_of_it_and_may_come_back()
    {
        await using var member = await Node.ConnectAsync();
        await Manager.AddToGroupAsync(member.Id, "g").Within();
        await Manager.RemoveFromGroupAsync(member.Id, "g").Within();
        await Manager.SendGroupAsync("g", "Hello", World).Within();
        await NothingCameAsync(member);
        await Manager.AddToGroupAsync(member.Id, "g").Within();
        await Manager.SendGroupAsync("g", "Hello", World).Within();
        await member.ExpectAsync("Hello");
    }

    [Fact]
    public async Task Leaving_a_group_that_one_is_not_in_does_nothing()
    {
        await using var client = await Node.ConnectAsync();
        await Manager.RemoveFromGroupAsync(client.Id, "g").Within();
        await NothingCameAsync(client);
    }

    [Fact]
    public async Task A_message_to_a_connection_reaches_that_one_only()
    {
        await using var first = await Node.ConnectAsync();
        await using var second = await Node.ConnectAsync();
        await Manager.SendConnectionAsync(first.Id, "Hello", World).Within();
        await first.ExpectAsync("Hello");
        await NothingCameAsync(second);
    }

    [Fact]
    public async Task A_message_to_several_connections_reaches_those_only()
    {
        await using var first = await Node.ConnectAsync();
        await using var second = await Node.ConnectAsync();
        await using var third = await Node.ConnectAsync();
        await Manager.SendConnectionsAsync([first.Id, second.Id, first.Id], "Hello", World).Within();
        await first.ExpectAsync("Hello");
        await second.ExpectAsync("Hello");
        await NothingCameAsync(first);
        await NothingCameAsync(third);
    }

    [Fact]
    public async Task A_message_to_a_user_reaches_all_connections_of_that_user()
    {
        await using var first = await Node.ConnectAsync("ann");
        await using var second = await Node.ConnectAsync("ann");
        await using var third = await Node.ConnectAsync("ann");
        await using var other = await Node.ConnectAsync("bob");
        await using var nobody = await Node.ConnectAsync();
        await Manager.SendUserAsync("ann", "Hello", World).Within();
        await first.ExpectAsync("Hello");
        await second.ExpectAsync("Hello");
        await third.ExpectAsync("Hello");
        await NothingCameAsync(other);
        await NothingCameAsync(nobody);

        await Node.DisconnectAsync(second);
        await Manager.SendUserAsync("ann", "Again", World).Within();
        await third.ExpectAsync("Again");
        await first.ExpectAsync("Again");
    }

    [Fact]
    public async Task A_message_to_several_users_reaches_the_connections_of_each()
    {
        await using var ann = await Node.ConnectAsync("ann");
        await using var bob = await Node.ConnectAsync("bob");
        await using var eve = await Node.ConnectAsync("eve");
        await Manager.SendUsersAsync(["ann", "bob"], "Hello", World).Within();
        await ann.ExpectAsync("Hello");
        await bob.ExpectAsync("Hello");
        await NothingCameAsync(eve);
    }

    [Fact]
    public async Task A_client_gives_a_result()
    {
        await using var client = await Node.ConnectAsync();
        var result = Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var invocation = await client.ExpectInvocationAsync("Result");
        Manager.TryGetReturnType(invocation, out var type).ShouldBeTrue();
        type.ShouldBe(typeof(int));
        await Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(invocation, 10)).Within();
        (await result.Within()).ShouldBe(10);
        Manager.TryGetReturnType(invocation, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_gives_an_error_for_a_result()
    {
        await using var client = await Node.ConnectAsync();
        var result = Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var invocation = await client.ExpectInvocationAsync("Result");
        await Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithError(invocation, "No.")).Within();
        (await Should.ThrowAsync<HubException>(() => result.Within())).Message.ShouldBe("No.");
    }

    [Fact]
    public async Task Only_the_client_that_was_asked_can_give_the_result()
    {
        await using var client = await Node.ConnectAsync();
        await using var other = await Node.ConnectAsync();
        var result = Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        var invocation = await client.ExpectInvocationAsync("Result");
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => Manager.SetConnectionResultAsync(other.Id, CompletionMessage.WithResult(invocation, 1)));
        refused.Message.ShouldBe($"Connection ID '{other.Id}' is not valid for invocation ID '{invocation}'.");
        await Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(invocation, 10)).Within();
        (await result.Within()).ShouldBe(10);
    }

    [Fact]
    public async Task A_connection_that_does_not_exist_gives_no_result()
    {
        var missing = await Should.ThrowAsync<IOException>(() => Manager.InvokeConnectionAsync<int>("1234", "Result", World, CancellationToken.None).Within());
        missing.Message.ShouldBe("Connection '1234' does not exist.");
    }

    [Fact]
    public async Task Results_of_several_clients_do_not_get_mixed_up()
    {
        await using var first = await Node.ConnectAsync();
        await using var second = await Node.ConnectAsync();
        var firstResult = Manager.InvokeConnectionAsync<int>(first.Id, "Result", World, CancellationToken.None);
        var secondResult = Manager.InvokeConnectionAsync<int>(second.Id, "Result", World, CancellationToken.None);
        var firstInvocation = await first.ExpectInvocationAsync("Result");
        var secondInvocation = await second.ExpectInvocationAsync("Result");
        await Manager.SetConnectionResultAsync(second.Id, CompletionMessage.WithError(secondInvocation, "No.")).Within();
        await Should.ThrowAsync<HubException>(() => secondResult.Within());
        firstResult.IsCompleted.ShouldBeFalse();
        await Manager.SetConnectionResultAsync(first.Id, CompletionMessage.WithResult(firstInvocation, 3)).Within();
        (await firstResult.Within()).ShouldBe(3);
    }

    [Fact]
    public async Task A_client_that_goes_away_gives_no_result()
    {
        await using var client = await Node.ConnectAsync();
        var result = Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, CancellationToken.None);
        await client.ExpectInvocationAsync("Result");
        await Node.DisconnectAsync(client);
        (await Should.ThrowAsync<IOException>(() => result.Within())).Message.ShouldBe($"Connection '{client.Id}' disconnected.");
    }

    [Fact]
    public async Task A_result_that_is_no_longer_wanted_may_still_come()
    {
        await using var client = await Node.ConnectAsync();
        using var stop = new CancellationTokenSource();
        var result = Manager.InvokeConnectionAsync<int>(client.Id, "Result", World, stop.Token);
        var invocation = await client.ExpectInvocationAsync("Result");
        await stop.CancelAsync();
        await Should.ThrowAsync<HubException>(() => result.Within());
        await Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithResult(invocation, 1)).Within();
        Manager.TryGetReturnType(invocation, out _).ShouldBeFalse();
    }

    /// <summary>How many nodes the suite runs with.</summary>
    private protected virtual int NodeCount => 1;

    private protected abstract Task<BackplaneNode> NewNodeAsync();

    /// <summary>Sends a message that must come after all that was sent to the client by the first node before, and checks that nothing did come before it.</summary>
    private protected async Task NothingCameAsync(HubClient client)
    {
        var mark = Guid.NewGuid().ToString();
        // By the way that messages to groups, to users and to all go: one publisher and one subscriber, so in order.
        await Manager.SendConnectionsAsync([client.Id], "Fence", [mark]).Within();
        await client.ExpectAsync("Fence", mark);
    }
}
