using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>From HTTP to frames, over a real Kestrel.</summary>
public sealed class TakeoverTests
{
    private const string OwnLane = "SocketLane";
    private const string StockLane = "SignalRLane";

    [Fact]
    public async Task The_answer_to_the_opening_is_what_the_protocol_says_and_the_hub_is_spoken_to_over_our_own_frames()
    {
        await using var node = await StartAsync();
        await using var socket = await RawWebSocket.DialAsync(node.Address);
        await socket.SendAsync(RawWebSocket.Request(node.Address));
        var head = await socket.ReadHeadAsync();
        head.Status.ShouldBe(101);
        head.Headers["Upgrade"].ShouldBe(["websocket"]);
        head.Headers["Connection"].ShouldBe(["Upgrade"]);
        head.Headers["Sec-WebSocket-Accept"].ShouldBe([RawWebSocket.SampleAccept]);
        head.Headers["Sec-WebSocket-Extensions"].ShouldBeEmpty("nothing is agreed on that was not asked for");
        head.Headers["Sec-WebSocket-Protocol"].ShouldBeEmpty();
        await socket.SendMessageAsync(RawWebSocket.HubHandshake);
        (await socket.ReadMessageAsync()).ShouldBe("{}");
        await ShouldUseAsync(socket, OwnLane);
    }

    /// <summary>As a page does that is closed while it connects.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_goes_away_behind_the_opening_is_no_error(bool halfWay)
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 100; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(node.Address.Host, node.Address.Port);
            await socket.SendAsync(RawWebSocket.Request(node.Address));
            if (halfWay)
            {
                socket.Shutdown(SocketShutdown.Send);
                var buffer = new byte[4_096];
                while (await socket.ReceiveAsync(buffer) > 0)
                {
                    // Until the server has ended it too.
                }
            }
        }

        // What comes in order is dealt with in order, more or less: by then those before have failed, if they do.
        await using (var last = await RawWebSocket.ConnectAsync(node.Address))
        {
            await ShouldUseAsync(last, OwnLane);
        }

        await node.StopAsync(TimeSpan.FromSeconds(10));
        node.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_does_not_let_itself_be_taken_over_has_the_stock_transport()
    {
        await using var node = await StartAsync(stock: true);
        await using var socket = await RawWebSocket.ConnectAsync(node.Address);
        await ShouldUseAsync(socket, StockLane);
    }

    [Fact]
    public async Task What_is_asked_for_before_on_the_same_connection_is_answered_as_ever()
    {
        await using var node = await StartAsync();
        await using var socket = await RawWebSocket.DialAsync(node.Address);
        foreach (var size in (int[])[0, 10, 5_000, 300_000, 1])
        {
            await socket.SendAsync(Get(node, $"/bytes/{size}"));
            await ShouldAnswerAsync(socket, size);
        }

        await socket.SendAsync(RawWebSocket.Request(node.Address));
        (await socket.ReadHeadAsync()).Status.ShouldBe(101);
        await ShakeHandsAsync(socket);
        await ShouldUseAsync(socket, OwnLane);
    }

    [Fact]
    public async Task A_request_with_a_body_that_nobody_reads_may_come_before()
    {
        await using var node = await StartAsync();
        await using var socket = await RawWebSocket.DialAsync(node.Address);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /bytes/3 HTTP/1.1\r\nHost: {node.Address.Authority}\r\nContent-Length: 1000\r\n\r\n{new string('x', 1000)}"));
        await socket.SendAsync(RawWebSocket.Request(node.Address));
        await ShouldAnswerAsync(socket, 3);
        (await socket.ReadHeadAsync()).Status.ShouldBe(101);
        await ShakeHandsAsync(socket);
        await ShouldUseAsync(socket, OwnLane);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60_000)]
    [InlineData(1_000_000)]
    public async Task An_opening_right_behind_a_request_is_answered_behind_its_answer(int size)
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var socket = await RawWebSocket.DialAsync(node.Address, receiveBuffer: 4096);
            await socket.SendAsync((byte[])[.. Get(node, $"/bytes/{size}"), .. Get(node, "/bytes/30000"), .. RawWebSocket.Request(node.Address)]);
            await ShouldAnswerAsync(socket, size);
            await ShouldAnswerAsync(socket, 30_000);
            (await socket.ReadHeadAsync()).Status.ShouldBe(101);
            await ShakeHandsAsync(socket);
            await ShouldUseAsync(socket, OwnLane);
        }
    }

    [Fact]
    public async Task An_answer_that_the_client_has_not_read_stays_before_the_opening()
    {
        await using var node = await StartAsync();
        await using var socket = await RawWebSocket.DialAsync(node.Address, receiveBuffer: 4096);
        // More than the kernel takes, so that the end of it is still on its way through the server when the opening is dealt with.
        const int Size = 20_000_000;
        await socket.SendAsync((byte[])[.. Get(node, $"/bytes/{Size}"), .. RawWebSocket.Request(node.Address)]);
        await ShouldAnswerAsync(socket, Size);
        (await socket.ReadHeadAsync()).Status.ShouldBe(101);
        await ShakeHandsAsync(socket);
        await ShouldUseAsync(socket, OwnLane);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_client_says_before_it_has_heard_that_it_may_is_heard_afterwards(bool requestBefore)
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var socket = await RawWebSocket.DialAsync(node.Address);
            await socket.SendAsync((byte[])
            [
                .. requestBefore ? Get(node, "/bytes/20") : [],
                .. RawWebSocket.Request(node.Address),
                .. RawWebSocket.MessageFrame(RawWebSocket.HubHandshake),
                .. RawWebSocket.MessageFrame(RawWebSocket.Call("Echo", "\"early\"")),
            ]);
            if (requestBefore)
            {
                await ShouldAnswerAsync(socket, 20);
            }

            (await socket.ReadHeadAsync()).Status.ShouldBe(101);
            (await socket.ReadMessageAsync()).ShouldBe("{}");
            (await socket.ReadCompletionAsync()).GetProperty("result").GetString().ShouldBe("early");
            // Who goes ahead of an earlier answer is served by the transport that goes through HTTP to the end.
            await ShouldUseAsync(socket, requestBefore ? StockLane : OwnLane);
        }
    }

    [Fact]
    public async Task The_request_may_come_in_pieces_wherever_they_are_cut()
    {
        await using var node = await StartAsync();
        byte[] all = [.. RawWebSocket.Request(node.Address), .. RawWebSocket.MessageFrame(RawWebSocket.HubHandshake), .. RawWebSocket.MessageFrame(RawWebSocket.Call("Lane"))];
        await Parallel.ForEachAsync(Enumerable.Range(1, all.Length - 1), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (cut, _) =>
        {
            await using var socket = await RawWebSocket.DialAsync(node.Address);
            await socket.SendAsync(all.AsMemory(0, cut));
            await Task.Delay(5, CancellationToken.None);
            await socket.SendAsync(all.AsMemory(cut));
            (await socket.ReadHeadAsync()).Status.ShouldBe(101);
            (await socket.ReadMessageAsync()).ShouldBe("{}");
            (await socket.ReadCompletionAsync()).GetProperty("result").GetString().ShouldBe(OwnLane);
        });
    }

    [Fact]
    public async Task The_request_may_come_byte_by_byte()
    {
        await using var node = await StartAsync();
        await using var socket = await RawWebSocket.DialAsync(node.Address);
        foreach (var b in (byte[])[.. RawWebSocket.Request(node.Address), .. RawWebSocket.MessageFrame(RawWebSocket.HubHandshake)])
        {
            await socket.SendAsync((byte[])[b]);
        }

        (await socket.ReadHeadAsync()).Status.ShouldBe(101);
        (await socket.ReadMessageAsync()).ShouldBe("{}");
        await ShouldUseAsync(socket, OwnLane);
    }

    public static TheoryData<string, string, string> WrongOpenings => new()
    {
        { "version 12", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 12" },
        { "no version", "Sec-WebSocket-Version: 13\r\n", "" },
        { "no key", $"Sec-WebSocket-Key: {RawWebSocket.SampleKey}\r\n", "" },
        { "an empty key", RawWebSocket.SampleKey, "" },
        { "a key that is not base64", RawWebSocket.SampleKey, "!!!!!!!!!!!!!!!!!!!!!!==" },
        { "a key of 15 bytes", RawWebSocket.SampleKey, "AAAAAAAAAAAAAAAAAAAA" },
        { "a key of 17 bytes", RawWebSocket.SampleKey, "AAAAAAAAAAAAAAAAAAAAAAA=" },
        { "two keys", "Sec-WebSocket-Key:", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Key:" },
        { "POST", "GET ", "POST " },
        { "HEAD", "GET ", "HEAD " },
        { "no Connection", "Connection: Upgrade\r\n", "" },
        { "Connection: close", "Connection: Upgrade", "Connection: close" },
        { "no Upgrade", "Upgrade: websocket\r\n", "" },
        { "another protocol", "Upgrade: websocket", "Upgrade: h2c" },
        { "HTTP/2.0", "HTTP/1.1", "HTTP/2.0" },
        { "no Host", "Host: ", "X-Host: " },
        { "a body", "Connection: Upgrade", "Content-Length: 3\r\nConnection: Upgrade" },
        { "another path", HubMethods.Path, HubMethods.Path + "x" },
        { "a path below", HubMethods.Path, HubMethods.Path + "/negotiate" },
    };

    [Theory]
    [MemberData(nameof(WrongOpenings))]
    public async Task A_wrong_opening_is_answered_as_the_stock_transport_answers_it(string what, string right, string wrong)
    {
        await using var node = await StartAsync();
        await using var stock = await StartAsync(stock: true);
        var own = await AnswerAsync(node);
        own.ShouldBe(await AnswerAsync(stock), what);
        own.ShouldNotBe(101, what);
        // And the connection, or the next one, still opens.
        await using var socket = await RawWebSocket.ConnectAsync(node.Address);
        await ShouldUseAsync(socket, OwnLane);

        async Task<int> AnswerAsync(RelayHost host)
        {
            await using var dialled = await RawWebSocket.DialAsync(host.Address);
            await dialled.SendAsync(RawWebSocket.Request(host.Address, change: text =>
            {
                text.ShouldContain(right);
                return text.Replace(right, wrong, StringComparison.Ordinal);
            }));
            return (await dialled.ReadHeadAsync()).Status;
        }
    }

    public static TheoryData<string, string, string> OddOpenings => new()
    {
        { "names in other letters", "Upgrade: websocket\r\nConnection: Upgrade", "uPGRADE: WebSocket\r\nCONNECTION: upgrade" },
        { "Connection with more in it", "Connection: Upgrade", "Connection: keep-alive, Upgrade" },
        { "an origin", "Connection: Upgrade", "Origin: https://elsewhere.example\r\nConnection: Upgrade" },
        { "extensions that are not taken up", "Connection: Upgrade", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nConnection: Upgrade" },
        { "a path in other letters", HubMethods.Path, HubMethods.Path.ToUpperInvariant() },
        { "versions 13 and 8", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13, 8" },
        { "HTTP/1.0", "HTTP/1.1", "HTTP/1.0" },
        { "a query that means nothing", HubMethods.Path, HubMethods.Path + "?other=1" },
    };

    [Theory]
    [MemberData(nameof(OddOpenings))]
    public async Task An_odd_opening_opens_all_the_same(string what, string usual, string odd)
    {
        await using var node = await StartAsync();
        await using var socket = await RawWebSocket.DialAsync(node.Address);
        await socket.SendAsync(RawWebSocket.Request(node.Address, change: text => text.Replace(usual, odd, StringComparison.Ordinal)));
        var head = await socket.ReadHeadAsync();
        head.Status.ShouldBe(101, what);
        head.Headers["Sec-WebSocket-Extensions"].ShouldBeEmpty();
        await ShakeHandsAsync(socket);
        (await socket.InvokeAsync("Echo", "\"x\"")).GetProperty("result").GetString().ShouldBe("x");
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_answer_leaves_nothing_behind()
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await using var socket = await RawWebSocket.DialAsync(node.Address);
            await socket.SendAsync(RawWebSocket.Request(node.Address));
            if (i % 2 == 0)
            {
                socket.Socket.LingerState = new(enable: true, seconds: 0);
            }
        }

        await using var last = await RawWebSocket.ConnectAsync(node.Address);
        await Eventually.TrueAsync(() => node.Connections.Count == 1, "nobody else is there");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_the_request_is_held_while_the_WebSocket_lives(bool stock)
    {
        WeakReference? request = null;
        await using var node = await StartAsync(stock, context => Remember(context, ref request));
        await using var socket = await RawWebSocket.ConnectAsync(node.Address);
        var held = true;
        for (var i = 0; i < 20 && held; i++)
        {
            // A call goes through all that still belongs to the connection.
            await ShouldUseAsync(socket, stock ? StockLane : OwnLane);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            held = request!.IsAlive;
        }

        held.ShouldBe(stock, "the stock transport holds it: so this would show");
        await ShouldUseAsync(socket, stock ? StockLane : OwnLane);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Remember(HttpContext context, ref WeakReference? request) => request = new WeakReference(context);
    }

    [Fact]
    public async Task A_server_that_will_not_wait_any_longer_stops_though_a_call_never_ends()
    {
        await using var node = await StartAsync();
        var called = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        node.Hook.Wait = () =>
        {
            called.TrySetResult();
            return never.Task;
        };
        await using var socket = await RawWebSocket.ConnectAsync(node.Address);
        // Of two, the second keeps the hub from noticing that the connection has ended.
        await socket.SendMessageAsync(RawWebSocket.Call("Wait", id: 1));
        await socket.SendMessageAsync(RawWebSocket.Call("Wait", id: 2));
        await called.Task.WaitAsync(TimeSpan.FromSeconds(10));
        try
        {
            await node.StopAsync(TimeSpan.FromMilliseconds(500)).WaitAsync(TimeSpan.FromSeconds(10));
        }
        finally
        {
            never.SetResult();
        }
    }

    private static Task<RelayHost> StartAsync(bool stock = false, Action<HttpContext>? onRequest = null) => RelayHost.StartAsync(
        new InMemoryChannelLog(Options.Create(new ChannelOptions()), TimeProvider.System),
        stock: stock,
        pipeline: app => app.Use((context, next) =>
        {
            onRequest?.Invoke(context);
            if (!context.Request.Path.StartsWithSegments("/bytes", StringComparison.Ordinal, out var size))
            {
                return next(context);
            }

            var bytes = Bytes(int.Parse(size.Value![1..], CultureInfo.InvariantCulture));
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes).AsTask();
        }));

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)('a' + (i % 26)))];

    private static byte[] Get(RelayHost node, string path) => Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: {node.Address.Authority}\r\n\r\n");

    private static async Task ShouldAnswerAsync(RawWebSocket socket, int size)
    {
        var head = await socket.ReadHeadAsync();
        head.Status.ShouldBe(200);
        (await socket.ReadBodyAsync(head)).AsSpan().SequenceEqual(Bytes(size)).ShouldBeTrue();
    }

    private static async Task ShakeHandsAsync(RawWebSocket socket)
    {
        await socket.SendMessageAsync(RawWebSocket.HubHandshake);
        (await socket.ReadMessageAsync()).ShouldBe("{}");
    }

    private static async Task ShouldUseAsync(RawWebSocket socket, string lane) => (await socket.InvokeAsync("Lane")).GetProperty("result").GetString().ShouldBe(lane);
}
