using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using FanHub.Realtime.Backplane;
using FanHub.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>What only the manager on Redis promises.</summary>
public sealed class RedisBackplaneTests(RedisFixture redis)
{
    private static readonly object?[] World = ["World"];

    private readonly string _prefix = redis.FreshPrefix();

    [Fact]
    public async Task A_node_listens_to_two_channels_and_to_its_groups_however_many_connections_it_has()
    {
        await using var node = await NodeAsync();
        var clients = new List<HubClient>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await node.ConnectAsync($"user{i}"));
        }

        (await ChannelsAsync(node)).ShouldBe(2);
        foreach (var client in clients)
        {
            await node.Manager.AddToGroupAsync(client.Id, "a").Within();
        }

        await node.Manager.AddToGroupAsync(clients[0].Id, "b").Within();
        (await ChannelsAsync(node)).ShouldBe(4);
        await node.Manager.RemoveFromGroupAsync(clients[0].Id, "b").Within();
        foreach (var client in clients.Skip(1))
        {
            await node.DisconnectAsync(client);
        }

        (await ChannelsAsync(node)).ShouldBe(3);
        await node.DisconnectAsync(clients[0]);
        (await ChannelsAsync(node)).ShouldBe(2);
    }

    [Fact]
    public async Task Members_that_come_and_go_at_once_leave_the_subscription_as_the_last_one_wants_it()
    {
        await using var here = await NodeAsync();
        await using var there = await NodeAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => there.ConnectAsync()));
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(clients.Select(async (client, i) =>
            {
                for (var j = 0; j <= i % 3; j++)
                {
                    await there.Manager.AddToGroupAsync(client.Id, "g");
                    await there.Manager.RemoveFromGroupAsync(client.Id, "g");
                }

                await there.Manager.AddToGroupAsync(client.Id, "g");
            })).Within();
            await here.Manager.SendGroupAsync("g", "Round", [round]).Within();
            foreach (var client in clients)
            {
                await client.ExpectAsync("Round", round);
            }

            await Task.WhenAll(clients.Select(client => there.Manager.RemoveFromGroupAsync(client.Id, "g"))).Within();
        }

        (await ChannelsAsync(there)).ShouldBe(3, "two nodes share one channel and have one of their own each");
    }

    [Fact]
    public async Task A_message_is_encoded_once_for_each_protocol()
    {
        var first = new CountingProtocol("first");
        var second = new CountingProtocol("second");
        await using var here = new BackplaneNode(await redis.ConnectAsync(_prefix), services: s => s.AddSingleton<IHubProtocol>(first).AddSingleton<IHubProtocol>(second));
        await using var there = new BackplaneNode(await redis.ConnectAsync(_prefix), services: s => s.AddSingleton<IHubProtocol>(new CountingProtocol("first")).AddSingleton<IHubProtocol>(new CountingProtocol("second")));
        var clients = new List<HubClient>();
        foreach (var node in new[] { here, there })
        {
            foreach (var protocol in new IHubProtocol[] { new JsonHubProtocol(), first, second, second })
            {
                clients.Add(new HubClient(protocol: protocol));
                await node.ConnectAsync(clients[^1]);
            }
        }

        await here.Manager.SendAllAsync("Hello", World).Within();
        foreach (var client in clients)
        {
            await client.ExpectAsync("Hello");
        }

        first.Written.ShouldBe(1);
        second.Written.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_stopped_reading_holds_nobody_up_and_is_closed()
    {
        await using var here = await NodeAsync();
        await using var there = await NodeAsync(o => o.StallTimeout = TimeSpan.FromSeconds(1));
        await using var stalled = new HubClient(user: "ann", capacity: 1_000);
        await there.ConnectAsync(stalled);
        await using var reader = await there.ConnectAsync("ann");
        await there.Manager.AddToGroupAsync(stalled.Id, "g").Within();
        await there.Manager.AddToGroupAsync(reader.Id, "g").Within();
        var text = new string('x', 400);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 50; i++)
        {
            await here.Manager.SendGroupAsync("g", "Hello", [text]).Within();
            await there.Manager.SendUserAsync("ann", "Hello", [text]).Within();
            await reader.ExpectAsync("Hello", text);
            await reader.ExpectAsync("Hello", text);
        }

        clock.Elapsed.ShouldBeLessThan(HubClient.Limit / 2, "nobody waited for the one that stalled");
        var written = there.Manager.SendConnectionAsync(stalled.Id, "Hello", World);
        written.IsCompleted.ShouldBeFalse("who writes to that connection alone waits for it");
        await AbortedAsync(stalled);
        await Should.ThrowAsync<IOException>(() => written.Within());
        reader.Connection.ConnectionAborted.IsCancellationRequested.ShouldBeFalse();
    }

    [Theory]
    [InlineData(16, 1024 * 1024)]
    [InlineData(1000, 16 * 1024)]
    public async Task A_connection_for_which_too_much_waits_is_closed(int messages, int bytes)
    {
        await using var node = await NodeAsync(o => (o.MaxWaitingMessages, o.MaxWaitingBytes, o.StallTimeout) = (messages, bytes, TimeSpan.FromMinutes(5)));
        await using var stalled = new HubClient(capacity: 100);
        await node.ConnectAsync(stalled);
        for (var i = 0; i < 40; i++)
        {
            await node.Manager.SendAllAsync("Hello", [new string('x', 1_000)]).Within();
        }

        await AbortedAsync(stalled);
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_in_order()
    {
        await using var node = await NodeAsync();
        await using var slow = new HubClient(capacity: 200);
        await node.ConnectAsync(slow);
        for (var i = 0; i < 300; i++)
        {
            await node.Manager.SendAllAsync("Count", [i]).Within();
        }

        var last = node.Manager.SendConnectionAsync(slow.Id, "Last", World);
        for (var i = 0; i < 300; i++)
        {
            await slow.ExpectAsync("Count", i);
        }

        await slow.ExpectAsync("Last");
        await last.Within();
    }

    [Fact]
    public async Task What_is_no_message_of_the_backplane_does_no_harm()
    {
        await using var here = await NodeAsync();
        await using var there = await NodeAsync();
        await using var client = await there.ConnectAsync();
        var channel = here.Redis!.Keys.BackplaneAll(typeof(EmptyHub).FullName!);
        var whole = new BackplaneMessage { Kind = BackplaneKind.Connections, From = "x", Ids = [client.Id], Payload = [new("json", new byte[10])] }.ToBytes();
        for (var length = 0; length < whole.Length; length++)
        {
            await here.Redis.Subscriber.PublishAsync(channel, whole[..length]);
        }

        await here.Redis.Subscriber.PublishAsync(channel, new BackplaneMessage { Kind = BackplaneKind.Join, From = "x" }.ToBytes());
        await here.Manager.SendAllAsync("Hello", World).Within();
        await client.ExpectAsync("Hello");
    }

    [Fact]
    public async Task A_node_that_has_only_just_started_hears_the_answer_to_what_it_asks()
    {
        await using var there = await NodeAsync();
        await using var client = await there.ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            await using var here = await NodeAsync();
            await here.Manager.AddToGroupAsync(client.Id, "g").Within();
        }
    }

    [Fact]
    public async Task Nodes_with_another_prefix_hear_nothing()
    {
        await using var here = await NodeAsync();
        await using var foreign = new BackplaneNode(await redis.ConnectAsync());
        await using var client = await foreign.ConnectAsync();
        await here.Manager.SendAllAsync("Hello", World).Within();
        await foreign.Manager.SendConnectionsAsync([client.Id], "Fence", World).Within();
        await client.ExpectAsync("Fence");
    }

    private static Task AbortedAsync(HubClient client) =>
        Eventually.TrueAsync(() => client.Connection.ConnectionAborted.IsCancellationRequested, "the connection is closed");

    private async Task<BackplaneNode> NodeAsync(Action<BackplaneOptions>? configure = null) => new(await redis.ConnectAsync(_prefix), configure);

    private async Task<int> ChannelsAsync(BackplaneNode node)
    {
        var reply = await node.Redis!.Database.ExecuteAsync("PUBSUB", "CHANNELS", string.Create(CultureInfo.InvariantCulture, $"{_prefix}:*"));
        return ((StackExchange.Redis.RedisResult[])reply!).Length;
    }

    /// <summary>JSON under another name.</summary>
    private sealed class CountingProtocol(string name) : IHubProtocol
    {
        private readonly JsonHubProtocol _json = new();
        private int _written;

        public int Written => Volatile.Read(ref _written);

        public string Name => name;

        public int Version => 1;

        public TransferFormat TransferFormat => TransferFormat.Text;

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
        {
            Interlocked.Increment(ref _written);
            return _json.GetMessageBytes(message);
        }

        public bool IsVersionSupported(int version) => true;

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HubMessage? message) =>
            _json.TryParseMessage(ref input, binder, out message);

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
        {
            Interlocked.Increment(ref _written);
            _json.WriteMessage(message, output);
        }
    }
}
