using FanHub.Realtime.Channels;
using FanHub.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>Signs of life, and what comes of having none. The wheel that looks after connections is turned by hand; how long somebody was silent is real.</summary>
public sealed class TimeoutTests : IAsyncDisposable
{
    private const int WheelSeconds = 5;
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new();
    private RelayHost? _node;

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_connection_to_which_nothing_is_sent_gets_a_sign_of_life_each_time_the_wheel_comes_by()
    {
        // As long as the wheel takes: every time that it comes by.
        await StartAsync(o => o.KeepAliveInterval = TimeSpan.FromSeconds(WheelSeconds));
        var sockets = await Task.WhenAll(Enumerable.Range(0, 2 * WheelSeconds).Select(_ => RawWebSocket.ConnectAsync(_node!.Address)));
        foreach (var socket in sockets)
        {
            for (var round = 1; round <= 2; round++)
            {
                var frame = socket.ReadFrameAsync();
                await TurnUntilAsync(() => frame.IsCompleted, "a ping comes");
                (await frame)!.Payload.ShouldBe("{\"type\":6}\u001e"u8.ToArray());
            }
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Each_turn_of_the_wheel_comes_to_a_fifth()
    {
        await StartAsync(o => o.KeepAliveInterval = TimeSpan.FromSeconds(WheelSeconds));
        var sockets = await Task.WhenAll(Enumerable.Range(0, WheelSeconds).Select(_ => RawWebSocket.ConnectAsync(_node!.Address)));
        var first = sockets.Select(s => s.ReadFrameAsync()).ToArray();
        var turns = 0;
        await Eventually.TrueAsync(
            () =>
            {
                var pinged = first.Count(f => f.IsCompleted);
                pinged.ShouldBeLessThanOrEqualTo(turns, "one for each turn");
                turns++;
                _clock.Advance(TimeSpan.FromSeconds(1));
                return pinged == WheelSeconds;
            },
            "all have been looked at");
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_has_just_been_sent_something_gets_no_sign_of_life()
    {
        await StartAsync(o => o.KeepAliveInterval = TimeSpan.FromSeconds(60));
        await using var socket = await RawWebSocket.ConnectAsync(_node!.Address);
        for (var turn = 0; turn < 4 * WheelSeconds; turn++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await socket.InvokeAsync("Echo", "\"x\"")).GetProperty("result").GetString().ShouldBe("x");
        }

        socket.HubPings.ShouldBe(0);
    }

    [Theory]
    [InlineData("pings")]
    [InlineData("calls")]
    public async Task Who_has_pinged_and_then_says_nothing_is_closed_and_who_goes_on_is_not(string goingOn)
    {
        await StartAsync(o => o.ClientTimeoutInterval = ClientTimeout);
        await using var silent = await RawWebSocket.ConnectAsync(_node!.Address);
        await using var never = await RawWebSocket.ConnectAsync(_node.Address);
        await using var alive = await RawWebSocket.ConnectAsync(_node.Address);
        await silent.SendMessageAsync("""{"type":6}""");
        await alive.SendMessageAsync("""{"type":6}""");
        var closing = silent.ReadToCloseAsync();
        var id = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await (string.Equals(goingOn, "pings", StringComparison.Ordinal) ? alive.SendMessageAsync("""{"type":6}""") : alive.InvokeAsync("Echo", "\"x\"", ++id));
                _clock.Advance(TimeSpan.FromSeconds(1));
                return closing.IsCompleted;
            },
            "the silent one is closed");
        await closing;
        (await alive.InvokeAsync("Echo", "\"x\"", 999)).GetProperty("result").GetString().ShouldBe("x");
        (await never.InvokeAsync("Echo", "\"x\"", 999)).GetProperty("result").GetString().ShouldBe("x", "who never pinged has promised nothing");
        _node.Connections.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("pings meanwhile")]
    [InlineData("has more calls waiting, so that its pings would not be heard")]
    public async Task Who_waits_for_a_call_that_takes_long_is_not_closed_for_it(string and)
    {
        var pings = and.StartsWith("pings", StringComparison.Ordinal);
        await StartAsync(o => o.ClientTimeoutInterval = ClientTimeout);
        var called = new TaskCompletionSource();
        var wait = new TaskCompletionSource();
        _node!.Hook.Wait = () =>
        {
            called.SetResult();
            return wait.Task;
        };
        await using var waiting = await RawWebSocket.ConnectAsync(_node.Address);
        await using var silent = await RawWebSocket.ConnectAsync(_node.Address);
        await waiting.SendMessageAsync("""{"type":6}""");
        await waiting.SendMessageAsync(RawWebSocket.Call("Wait"));
        await called.Task.WaitAsync(TimeSpan.FromSeconds(10));
        if (!pings)
        {
            await waiting.SendMessageAsync(RawWebSocket.Call("Echo", "\"y\"", id: 3));
        }

        await silent.SendMessageAsync("""{"type":6}""");
        var closing = silent.ReadToCloseAsync();
        // Ten turns more: then the wheel has come by the other one, too.
        for (var turns = 0; turns < 2 * WheelSeconds; turns += closing.IsCompleted ? 1 : 0)
        {
            if (pings)
            {
                await waiting.SendMessageAsync("""{"type":6}""");
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        wait.SetResult();
        (await waiting.ReadCompletionAsync()).TryGetProperty("error", out _).ShouldBeFalse();
        (await waiting.InvokeAsync("Echo", "\"x\"", 2)).GetProperty("result").GetString().ShouldBe("x");
    }

    [Fact]
    public async Task Who_never_shakes_hands_with_the_hub_is_closed()
    {
        await StartAsync(o => o.HandshakeTimeout = TimeSpan.FromMilliseconds(300));
        await using var socket = await RawWebSocket.OpenAsync(_node!.Address);
        (await socket.ReadToCloseAsync()).ShouldHaveSingleItem().ShouldContain("error");
        socket.CloseCode.ShouldBe(1000);
    }

    private async Task StartAsync(Action<HubOptions> hub) =>
        _node = await RelayHost.StartAsync(new InMemoryChannelLog(Options.Create(new ChannelOptions()), TimeProvider.System), hub: hub, time: _clock);

    private Task TurnUntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        what);
}
