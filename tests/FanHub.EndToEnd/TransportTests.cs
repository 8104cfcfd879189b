using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>The WebSockets of a real server, frame by frame, with the hub's own messages in them. The cases are those of the Autobahn test suite, as far as the server implements what they are about.</summary>
public sealed class TransportTests(EmbeddedServerFixture fixture) : IClassFixture<EmbeddedServerFixture>
{
    private const string Channel = "transport";
    private static readonly string FollowCall = RawWebSocket.Call("Follow", $$"""{"channel":"{{Channel}}"}""", id: 7);

    private readonly FanHubProcess _server = fixture.Server;

    [Fact]
    public async Task A_call_in_fragments_is_one_call()
    {
        await using var socket = await FollowableAsync();
        var call = Encoding.UTF8.GetBytes(FollowCall + "\u001e");
        for (var size = 1; size < call.Length; size += 9)
        {
            for (var at = 0; at < call.Length; at += size)
            {
                var last = at + size >= call.Length;
                await socket.SendAsync(RawWebSocket.Frame(at == 0 ? RawWebSocket.Text : RawWebSocket.Continuation, call.AsSpan(at, Math.Min(size, call.Length - at)), final: last));
            }

            ShouldFollow(await socket.ReadCompletionAsync(7));
        }

        await ShouldStillAnswerAsync(socket);
    }

    [Fact]
    public async Task A_call_may_come_byte_by_byte()
    {
        await using var socket = await FollowableAsync();
        foreach (var b in RawWebSocket.MessageFrame(FollowCall))
        {
            await socket.SendAsync((byte[])[b]);
            await Task.Yield();
        }

        ShouldFollow(await socket.ReadCompletionAsync(7));
    }

    [Fact]
    public async Task A_call_may_be_cut_anywhere_between_two_packets()
    {
        await using var socket = await FollowableAsync();
        var frame = RawWebSocket.MessageFrame(FollowCall);
        for (var cut = 1; cut < frame.Length; cut++)
        {
            await socket.SendAsync(frame.AsMemory(0, cut));
            // The other packet comes when the first has been read, most of the time.
            await Task.Delay(1);
            await socket.SendAsync(frame.AsMemory(cut));
            ShouldFollow(await socket.ReadCompletionAsync(7));
        }
    }

    [Fact]
    public async Task Many_calls_may_come_in_one_packet_and_one_message_and_are_answered_in_their_order()
    {
        await using var socket = await FollowableAsync();
        var calls = Enumerable.Range(1, 200).Select(i => RawWebSocket.Call("Now", id: i)).ToArray();
        await socket.SendAsync(RawWebSocket.Frame(RawWebSocket.Text, Encoding.UTF8.GetBytes(string.Concat(calls[..50].Select(c => c + "\u001e")))));
        await socket.SendAsync((byte[])[.. calls[50..].SelectMany(RawWebSocket.MessageFrame)]);
        for (var i = 1; i <= 200; i++)
        {
            JsonSerializer.Deserialize<JsonElement>((await socket.ReadMessageAsync())!).GetProperty("invocationId").GetString().ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task Pings_between_fragments_are_answered_with_what_they_carry_and_in_their_order()
    {
        await using var socket = await FollowableAsync();
        var call = Encoding.UTF8.GetBytes(FollowCall + "\u001e");
        var pings = new[] { 0, 1, 4, 124, 125 }.Select(n => Enumerable.Range(0, n).Select(i => (byte)(i * 7)).ToArray()).ToList();
        var stream = new List<byte>();
        for (var i = 0; i < call.Length; i++)
        {
            stream.AddRange(RawWebSocket.Frame(i == 0 ? RawWebSocket.Text : RawWebSocket.Continuation, call.AsSpan(i, 1), final: i == call.Length - 1, mask: (uint)(i * 0x01010101)));
            if (i < pings.Count)
            {
                stream.AddRange(RawWebSocket.Frame(RawWebSocket.Ping, pings[i]));
                stream.AddRange(RawWebSocket.Frame(RawWebSocket.Pong, "nobody asked"u8));
            }
        }

        await socket.SendAsync((byte[])[.. stream]);
        ShouldFollow(await socket.ReadCompletionAsync(7));
        socket.Pongs.ShouldBe(pings);
    }

    [Fact]
    public async Task A_thousand_pings_get_a_thousand_pongs()
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync((byte[])[.. Enumerable.Range(0, 1_000).SelectMany(i => RawWebSocket.Frame(RawWebSocket.Ping, BitConverter.GetBytes(i)))]);
        await ShouldStillAnswerAsync(socket);
        socket.Pongs.Select(p => BitConverter.ToInt32(p)).ShouldBe(Enumerable.Range(0, 1_000));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(8_192)]
    public async Task Messages_at_the_borders_of_how_lengths_are_said_are_heard(int length)
    {
        await using var socket = await FollowableAsync();
        // JSON may have any number of spaces in between.
        var call = length < 60 ? """{"type":6}""" : RawWebSocket.Call("Now");
        await socket.SendAsync(RawWebSocket.MessageFrame(call.Replace("{", "{" + new string(' ', Math.Max(0, length - call.Length - 1)), StringComparison.Ordinal)));
        if (length >= 60)
        {
            (await socket.ReadCompletionAsync()).GetProperty("result").GetInt64().ShouldBeGreaterThan(0);
        }

        await ShouldStillAnswerAsync(socket);
    }

    [Fact]
    public async Task Answers_at_the_borders_come_with_lengths_said_in_as_few_bytes_as_it_takes()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Fanout:MaxMessageBytes"] = "65535" });
        foreach (var length in (int[])[125, 126, 65_535, 65_536, 70_000])
        {
            await ShouldAnswerInAsync(server, length);
        }
    }

    private static async Task ShouldAnswerInAsync(FanHubProcess server, int length)
    {
        await using var socket = await RawWebSocket.ConnectAsync(server.Address, (await RawFan.SessionAsync(server.Address)).Token);
        // An error carries the id of the call; Of a character for private use, three bytes, the server makes six.
        const string Answer = """{"type":3,"invocationId":"","error":"not_found: There is no such method."}""";
        var left = length - Answer.Length - 1;
        var marks = Math.Max(0, (left - 30_000) / 6);
        var id = new string('\uE000', marks) + new string('x', left - (6 * marks));
        await socket.SendMessageAsync($$"""{"type":1,"invocationId":"{{id}}","target":"Nope","arguments":[]}""");
        RawFrame? frame;
        while ((frame = await socket.ReadFrameAsync())!.Payload.AsSpan().StartsWith("{\"type\":6}"u8))
        {
            // A sign of life.
        }

        frame.Kind.ShouldBe(RawWebSocket.Text);
        frame.Final.ShouldBeTrue();
        frame.Payload.Length.ShouldBe(length);
        await ShouldStillAnswerAsync(socket);
    }

    [Theory]
    [InlineData(8_193)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public async Task What_fits_the_transport_and_is_too_large_for_the_hub_is_told_by_the_hub(int length)
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync(RawWebSocket.Frame(RawWebSocket.Text, Enumerable.Repeat((byte)' ', length).ToArray()));
        var last = (await socket.ReadToCloseAsync())[^1];
        last.ShouldStartWith("""{"type":7,"error":"too_large: """);
        socket.CloseCode.ShouldBe(1000);
        await FinishAsync(socket);
    }

    public static TheoryData<string, int, byte[]> Breaches => new()
    {
        { "65,537 bytes", 1009, RawWebSocket.Frame(RawWebSocket.Text, new byte[65_537]) },
        { "65,537 bytes in fragments", 1009, [.. RawWebSocket.Frame(RawWebSocket.Binary, new byte[10], final: false), .. RawWebSocket.Frame(RawWebSocket.Continuation, new byte[65_527])] },
        { "2^63 - 1 bytes, said and not sent", 1009, [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4] },
        { "a byte that is never in UTF-8", 1007, RawWebSocket.Frame(RawWebSocket.Text, [(byte)'{', 0xFF]) },
        { "a surrogate, in fragments", 1007, [.. RawWebSocket.Frame(RawWebSocket.Text, [0xED], final: false), .. RawWebSocket.Frame(RawWebSocket.Continuation, [0xA0, 0x80])] },
        { "half a character", 1007, RawWebSocket.Frame(RawWebSocket.Text, [0xE2, 0x82]) },
        { "a wrong reason of a close", 1007, RawWebSocket.Frame(RawWebSocket.Close, [3, 0xE8, 0xC0]) },
        { "reserved bit 1", 1002, RawWebSocket.Frame(RawWebSocket.Text, "{}"u8, reserved: 0x40) },
        { "reserved bit 2 on a ping", 1002, RawWebSocket.Frame(RawWebSocket.Ping, "{}"u8, reserved: 0x20) },
        { "reserved bit 3 on a close", 1002, RawWebSocket.Frame(RawWebSocket.Close, [], reserved: 0x10) },
        { "no mask", 1002, RawWebSocket.Frame(RawWebSocket.Text, "{}"u8, masked: false) },
        { "no mask on a close", 1002, RawWebSocket.Frame(RawWebSocket.Close, [3, 0xE8], masked: false) },
        { "opcode 3", 1002, RawWebSocket.Frame(3, "{}"u8) },
        { "opcode 7", 1002, RawWebSocket.Frame(7, []) },
        { "opcode 11", 1002, RawWebSocket.Frame(11, "{}"u8) },
        { "opcode 15", 1002, RawWebSocket.Frame(15, []) },
        { "a ping of 126 bytes", 1002, RawWebSocket.Frame(RawWebSocket.Ping, new byte[126]) },
        { "a ping in fragments", 1002, RawWebSocket.Frame(RawWebSocket.Ping, "x"u8, final: false) },
        { "a continuation of nothing", 1002, RawWebSocket.Frame(RawWebSocket.Continuation, "x"u8) },
        { "text within text", 1002, [.. RawWebSocket.Frame(RawWebSocket.Text, "x"u8, final: false), .. RawWebSocket.Frame(RawWebSocket.Text, "x"u8)] },
        { "125 bytes said in two", 1002, RawWebSocket.Frame(RawWebSocket.Text, new byte[125], lengthBytes: 2) },
        { "a close of one byte", 1002, RawWebSocket.Frame(RawWebSocket.Close, [3]) },
        { "a close of 126 bytes", 1002, RawWebSocket.Frame(RawWebSocket.Close, [3, 0xE8, .. new byte[124]]) },
        { "code 0", 1002, RawWebSocket.CloseFrame(0) },
        { "code 999", 1002, RawWebSocket.CloseFrame(999) },
        { "code 1004", 1002, RawWebSocket.CloseFrame(1004) },
        { "code 1005", 1002, RawWebSocket.CloseFrame(1005) },
        { "code 1006", 1002, RawWebSocket.CloseFrame(1006) },
        { "code 1015", 1002, RawWebSocket.CloseFrame(1015) },
        { "code 1016", 1002, RawWebSocket.CloseFrame(1016) },
        { "code 2999", 1002, RawWebSocket.CloseFrame(2999) },
        { "code 5000", 1002, RawWebSocket.CloseFrame(5000) },
        { "code 65535", 1002, RawWebSocket.CloseFrame(65535) },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task A_breach_is_answered_with_its_code_after_what_came_before_it(string what, int code, byte[] breach)
    {
        await using var socket = await FollowableAsync();
        // More behind it, as from a client that has not noticed yet: it is not heard, and does not get in the way of the answer.
        await socket.SendAsync((byte[])[.. RawWebSocket.MessageFrame(RawWebSocket.Call("Now", id: 1)), .. breach, .. RawWebSocket.MessageFrame(RawWebSocket.Call("Now", id: 2)), .. RawWebSocket.Frame(RawWebSocket.Ping, "?"u8)]);
        var messages = await socket.ReadToCloseAsync();
        messages.Count(m => m.Contains("\"invocationId\":\"1\"", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(1, what);
        messages.ShouldAllBe(m => !m.Contains("\"invocationId\":\"2\"", StringComparison.Ordinal));
        socket.CloseCode.ShouldBe(code, what);
        socket.Pongs.ShouldBeEmpty();
        await FinishAsync(socket);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1003)]
    [InlineData(1007)]
    [InlineData(1011)]
    [InlineData(1014)]
    [InlineData(3000)]
    [InlineData(3999)]
    [InlineData(4000)]
    [InlineData(4999)]
    public async Task A_close_is_answered_with_its_own_code_and_the_server_ends_the_connection(int code)
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync(RawWebSocket.CloseFrame(code, "good bye ✓"));
        (await socket.ReadToCloseAsync()).ShouldBeEmpty();
        socket.CloseCode.ShouldBe(code);
        (await socket.EndsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_close_without_a_code_is_answered_without_one()
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync(RawWebSocket.Frame(RawWebSocket.Close, []));
        (await socket.ReadToCloseAsync()).ShouldBeEmpty();
        socket.CloseCode.ShouldBe(1005);
        (await socket.EndsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reason_of_123_bytes_is_taken()
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync(RawWebSocket.CloseFrame(1000, new string('r', 123)));
        (await socket.ReadToCloseAsync()).ShouldBeEmpty();
        socket.CloseCode.ShouldBe(1000);
        (await socket.EndsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task What_comes_behind_a_close_is_not_heard()
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync((byte[])[.. RawWebSocket.CloseFrame(1000), .. RawWebSocket.Frame(RawWebSocket.Ping, "?"u8), .. RawWebSocket.CloseFrame(1001), .. RawWebSocket.MessageFrame(FollowCall)]);
        (await socket.ReadToCloseAsync()).ShouldBeEmpty();
        socket.CloseCode.ShouldBe(1000);
        socket.Pongs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_close_in_the_middle_of_a_message_is_a_close()
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync((byte[])[.. RawWebSocket.Frame(RawWebSocket.Text, "{\"type\":"u8, final: false), .. RawWebSocket.CloseFrame(1000)]);
        await socket.ReadToCloseAsync();
        socket.CloseCode.ShouldBe(1000);
        (await socket.EndsAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("κόσμε")]
    [InlineData("🏅🥈🥉")]
    [InlineData("\uFFFD\u0001\u007F\u0080\u07FF\u0800\uFFFF\U00010000\U0010FFFF")]
    public async Task Text_may_be_cut_within_its_characters(string text)
    {
        await using var socket = await FollowableAsync();
        var call = Encoding.UTF8.GetBytes($$"""{"type":1,"invocationId":{{JsonSerializer.Serialize(text, WireJson.Options)}},"target":"Now","arguments":[]}""" + "\u001e");
        for (var cut = 1; cut < call.Length; cut++)
        {
            await socket.SendAsync((byte[])[.. RawWebSocket.Frame(RawWebSocket.Text, call.AsSpan(0, cut), final: false), .. RawWebSocket.Frame(RawWebSocket.Ping, []), .. RawWebSocket.Frame(RawWebSocket.Continuation, call.AsSpan(cut))]);
            var completion = JsonSerializer.Deserialize<JsonElement>((await socket.ReadMessageAsync())!);
            completion.GetProperty("invocationId").GetString().ShouldBe(text);
        }
    }

    [Fact]
    public async Task Binary_frames_carry_the_same_messages()
    {
        await using var socket = await FollowableAsync();
        await socket.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, Encoding.UTF8.GetBytes(FollowCall + "\u001e")));
        ShouldFollow(await socket.ReadCompletionAsync(7));
    }

    [Fact]
    public async Task A_client_that_only_stops_sending_is_let_go()
    {
        await using var socket = await FollowableAsync();
        socket.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        // What the server says to that is its own affair; that it ends is not.
        await socket.ReadToCloseAsync();
        (await socket.EndsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_that_ends_is_told_then_closed_by_the_hub_then_by_the_frames_and_the_clients_close_is_awaited()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Sessions:Lifetime"] = "00:00:02" });
        await using var socket = await RawWebSocket.ConnectAsync(server.Address, (await RawFan.SessionAsync(server.Address)).Token);
        var messages = await socket.ReadToCloseAsync();
        messages.Count.ShouldBe(2);
        messages[0].ShouldContain("session_expired");
        messages[1].ShouldStartWith("""{"type":7""");
        await ShouldAwaitCloseAsync(socket);
    }

    [Fact]
    public async Task A_server_that_stops_says_so_refuses_who_comes_closes_by_the_hub_then_by_the_frames_and_ends_in_time()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Drain:Window"] = "00:00:05" });
        var token = (await RawFan.SessionAsync(server.Address)).Token;
        await using var socket = await RawWebSocket.ConnectAsync(server.Address, token);
        // Who has been answered is known to the hub; who has only shaken hands may not be yet.
        await ShouldStillAnswerAsync(socket);
        var stopping = server.StopAsync();
        (await socket.ReadMessageAsync()).ShouldNotBeNull().ShouldContain("\"code\":\"reconnect\"");
        await using (var late = await RawWebSocket.DialAsync(server.Address))
        {
            await late.SendAsync(RawWebSocket.Request(server.Address, token));
            var refused = await late.ReadHeadAsync();
            refused.Status.ShouldBe(503);
            refused.Headers["Retry-After"].ShouldNotBeEmpty();
        }

        await ShouldStillAnswerAsync(socket);
        (await socket.ReadToCloseAsync()).ShouldHaveSingleItem().ShouldBe("""{"type":7,"allowReconnect":true}""");
        await ShouldAwaitCloseAsync(socket);
        (await stopping).ShouldBe(0);
    }

    [Fact]
    public async Task Who_does_not_answer_a_close_is_let_go_of_after_a_while()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Sessions:Lifetime"] = "00:00:01" });
        await using var socket = await RawWebSocket.ConnectAsync(server.Address, (await RawFan.SessionAsync(server.Address)).Token);
        await socket.ReadToCloseAsync();
        socket.CloseCode.ShouldBe(1000);
        await socket.EndsAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public async Task Without_a_good_token_nothing_is_upgraded(string? token)
    {
        await using var socket = await RawWebSocket.DialAsync(_server.Address);
        await socket.SendAsync(RawWebSocket.Request(_server.Address, token));
        var head = await socket.ReadHeadAsync();
        head.Status.ShouldBe(401);
        JsonSerializer.Deserialize<JsonElement>(await socket.ReadBodyAsync(head)).GetProperty("code").GetString().ShouldBe(ErrorCodes.Unauthorized);

        // The same connection may try again.
        await socket.SendAsync(RawWebSocket.Request(_server.Address, (await RawFan.SessionAsync(_server.Address)).Token));
        (await socket.ReadHeadAsync()).Status.ShouldBe(101);
    }

    [Fact]
    public async Task Two_openings_at_once_on_two_connections_have_nothing_to_do_with_each_other()
    {
        var token = (await RawFan.SessionAsync(_server.Address)).Token;
        var sockets = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RawWebSocket.ConnectAsync(_server.Address, token)));
        await Task.WhenAll(sockets.Select(s => ShouldStillAnswerAsync(s)));
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_was_negotiated_elsewhere_connects_here()
    {
        var token = (await RawFan.SessionAsync(_server.Address)).Token;
        await using var socket = await RawWebSocket.OpenAsync(_server.Address, token, "?id=of-another-node");
        await socket.SendMessageAsync(RawWebSocket.HubHandshake);
        (await socket.ReadMessageAsync()).ShouldBe("{}");
        await ShouldStillAnswerAsync(socket);
    }

    [Fact]
    public async Task A_handshake_that_asks_for_another_protocol_is_refused_in_words()
    {
        await using var socket = await RawWebSocket.OpenAsync(_server.Address, (await RawFan.SessionAsync(_server.Address)).Token);
        await socket.SendMessageAsync("""{"protocol":"messagepack","version":1}""");
        (await socket.ReadToCloseAsync()).ShouldHaveSingleItem().ShouldBe("""{"error":"The protocol 'messagepack' is not supported."}""");
        await FinishAsync(socket);
    }

    private static void ShouldFollow(JsonElement completion) => completion.GetProperty("result").GetProperty("channel").GetString().ShouldBe(Channel);

    private static async Task ShouldStillAnswerAsync(RawWebSocket socket) => (await socket.InvokeAsync("Now", id: 999)).GetProperty("result").GetInt64().ShouldBeGreaterThan(0);

    /// <summary>After the server's close frame: the client answers, and the server ends the connection, but not before.</summary>
    private static async Task ShouldAwaitCloseAsync(RawWebSocket socket)
    {
        socket.CloseCode.ShouldNotBeNull().ShouldBeOneOf(1000, 1001);
        var end = socket.EndsAsync();
        await Task.WhenAny(end, Task.Delay(300));
        end.IsCompleted.ShouldBeFalse("the server waits for the client's close");
        await socket.SendAsync(RawWebSocket.CloseFrame(socket.CloseCode.Value));
        (await end.WaitAsync(TimeSpan.FromSeconds(3))).ShouldBeTrue();
    }

    /// <summary>Answers the server's close: the connection ends at once, and in order.</summary>
    private static async Task FinishAsync(RawWebSocket socket)
    {
        await socket.SendAsync(RawWebSocket.CloseFrame(1000));
        socket.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        (await socket.EndsAsync().WaitAsync(TimeSpan.FromSeconds(3))).ShouldBeTrue();
    }

    private async Task<RawWebSocket> FollowableAsync()
    {
        await fixture.Editor.PutChannelAsync(Channel);
        return await RawWebSocket.ConnectAsync(_server.Address, (await RawFan.SessionAsync(_server.Address)).Token);
    }
}
