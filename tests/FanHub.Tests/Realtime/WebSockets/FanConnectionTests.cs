using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>What waits for a reader, what replaces what, and when it is too much; over a real socket.</summary>
public sealed class FanConnectionTests
{
    private static readonly FanoutOptions Plenty = new() { MaxWaitingBytes = 64 * 1024 * 1024, MaxWaitingFrames = 65_536 };

    [Fact]
    public async Task What_is_held_comes_in_its_order_behind_what_it_was_held_for()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        fan.Send(LanePair.Frame("before"));
        fan.Hold();
        fan.Send(LanePair.Frame("one"));
        fan.Hold();
        fan.Send(LanePair.Frame("two"));
        pair.Lane.WriteOwn(LanePair.Own("first reply"));
        fan.Release();
        fan.Send(LanePair.Frame("three"));
        pair.Lane.WriteOwn(LanePair.Own("second reply"));
        fan.Release();
        fan.Send(LanePair.Frame("four"));
        await ShouldComeAsync(pair, "before", "first reply", "second reply", "one", "two", "three", "four");
    }

    [Fact]
    public async Task Of_latest_frames_the_newest_comes_behind_what_was_logged_before_it()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        var taken = await BlockAsync(pair, fan);
        fan.Send(LanePair.Frame("count 1", DeliveryClass.Latest, "count"));
        fan.Send(LanePair.Frame("other 1", DeliveryClass.Latest, "other"));
        fan.Send(LanePair.Frame("logged 1"));
        fan.Send(LanePair.Frame("count 2", DeliveryClass.Latest, "count"));
        fan.Send(LanePair.Frame("logged 2"));
        fan.Send(LanePair.Frame("count 3", DeliveryClass.Latest, "count"));
        fan.WaitingBytes.ShouldBe(Size("other 1") + Size("logged 1") + Size("logged 2") + Size("count 3"));
        await pair.ReadBlockAsync(taken);
        await ShouldComeAsync(pair, "blocked", "other 1", "logged 1", "logged 2", "count 3");
        await Eventually.TrueAsync(() => fan.WaitingBytes == 0, "nothing waits");

        // Once nothing waits, each is sent.
        fan.Send(LanePair.Frame("count 4", DeliveryClass.Latest, "count"));
        fan.Send(LanePair.Frame("count 5", DeliveryClass.Latest, "count"));
        await ShouldComeAsync(pair, "count 4", "count 5");

        static int Size(string text) => LanePair.Frame(text).Length;
    }

    [Fact]
    public async Task Fleeting_frames_are_dropped_where_something_waits()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        fan.Send(LanePair.Frame("taken", DeliveryClass.Fleeting));
        await ShouldComeAsync(pair, "taken");
        var taken = await BlockAsync(pair, fan);
        fan.Send(LanePair.Frame("dropped", DeliveryClass.Fleeting));
        fan.Send(LanePair.Frame("logged"));
        await pair.ReadBlockAsync(taken);
        await ShouldComeAsync(pair, "blocked", "logged");
        fan.Hold();
        fan.Send(LanePair.Frame("dropped", DeliveryClass.Fleeting));
        fan.Release();
        await Eventually.TrueAsync(() => fan.WaitingBytes == 0, "nothing waits");
        fan.Send(LanePair.Frame("taken again", DeliveryClass.Fleeting));
        await ShouldComeAsync(pair, "taken again");
    }

    [Theory]
    [InlineData(10_000, 65_536)]
    [InlineData(64 * 1024 * 1024, 10)]
    public async Task Where_too_much_waits_the_connection_is_closed_and_all_of_it_forgotten(int maxBytes, int maxFrames)
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan(new FanoutOptions { MaxWaitingBytes = maxBytes, MaxWaitingFrames = maxFrames });
        await BlockAsync(pair, fan);
        for (var i = 0; i < 10; i++)
        {
            fan.Send(LanePair.Frame($"{i} {new string('x', 900)}"));
        }

        await Task.Delay(50);
        pair.Aborted.IsCancellationRequested.ShouldBeFalse();
        fan.Send(LanePair.Frame(new string('x', 1_500)));
        await ShouldCloseAsync(pair);
        fan.WaitingBytes.ShouldBe(0);
        fan.Send(LanePair.Frame("too late"));
        fan.WaitingBytes.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_held_is_bounded_too()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan(new FanoutOptions { MaxWaitingBytes = 10_000 });
        fan.Hold();
        fan.Send(LanePair.Frame(new string('x', 11_000)));
        await ShouldCloseAsync(pair);

        // Nothing else was being written: so it is told why.
        (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain(NoticeCodes.Slow);
    }

    [Fact]
    public async Task Who_takes_nothing_for_the_stall_timeout_is_closed_and_not_before()
    {
        var clock = new FakeTimeProvider();
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan(Plenty, clock);
        await BlockAsync(pair, fan);
        clock.Advance(Plenty.StallTimeout - TimeSpan.FromMilliseconds(1));
        fan.CloseIfStalled();
        await Task.Delay(50);
        pair.Aborted.IsCancellationRequested.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        fan.CloseIfStalled();
        await ShouldCloseAsync(pair);
    }

    [Fact]
    public async Task Who_takes_something_now_and_then_is_not_stalled()
    {
        var clock = new FakeTimeProvider();
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan(Plenty, clock);
        for (var round = 0; round < 3; round++)
        {
            var taken = await BlockAsync(pair, fan);
            clock.Advance(Plenty.StallTimeout - TimeSpan.FromSeconds(1));
            await pair.ReadBlockAsync(taken);
            await ShouldComeAsync(pair, "blocked");
            (await pair.Lane.FlushedAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
        }

        // And who has taken everything is not waited for at all.
        await Eventually.TrueAsync(
            () =>
            {
                fan.Send(LanePair.Frame("taken?", DeliveryClass.Fleeting));
                return pair.Client.Socket.Available > 0;
            },
            "the fan-out has heard that it may write");
        clock.Advance(TimeSpan.FromHours(1));
        fan.CloseIfStalled();
        await Task.Delay(50);
        pair.Aborted.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_notice_of_closing_is_the_last_thing_that_is_sent()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        fan.Send(LanePair.Frame("before"));
        fan.Close(new Notice(NoticeCodes.SessionExpired, "Over."));
        fan.Close(new Notice(NoticeCodes.Slow, "Twice."));
        fan.Send(LanePair.Frame("too late"));
        await ShouldComeAsync(pair, "before", NoticeCodes.SessionExpired);
        await ShouldCloseAsync(pair);
        pair.EndServer();
        (await pair.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task The_short_way_is_open_only_where_nothing_goes_before()
    {
        using var pair = await LanePair.OpenAsync();
        pair.Lane.TryWrite(LanePair.Frame("nobody's")).ShouldBeFalse("nobody has said so");
        var fan = pair.Fan();
        Short("one").ShouldBeTrue();
        fan.Hold();
        fan.Hold();
        Short("held").ShouldBeFalse();
        fan.Release();
        Short("held").ShouldBeFalse();
        fan.Release();
        Short("two").ShouldBeTrue();
        await ShouldComeAsync(pair, "one", "two");
        var taken = await BlockAsync(pair, fan);
        Short("behind what waits").ShouldBeFalse();
        fan.Send(LanePair.Frame("waits"));
        await pair.ReadBlockAsync(taken);
        await ShouldComeAsync(pair, "blocked", "waits");
        await Eventually.TrueAsync(() => Short("three"), "it is open again");
        await ShouldComeAsync(pair, "three");
        fan.Close(new Notice(NoticeCodes.SessionExpired, "Over."));
        Short("too late").ShouldBeFalse();
        await ShouldComeAsync(pair, NoticeCodes.SessionExpired);

        bool Short(string text) => pair.Lane.TryWrite(LanePair.Frame(text));
    }

    [Fact]
    public async Task Who_is_blocked_on_the_short_way_is_found_stalled_too()
    {
        var clock = new FakeTimeProvider();
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan(Plenty, clock);
        do
        {
            while (pair.Lane.TryWrite(LanePair.Frame(new string('x', 5_000))))
            {
                // Until the kernel takes no more.
            }
        }
        while (await pair.Lane.FlushedAsync(TimeSpan.FromMilliseconds(200)));

        // The wheel's sign of life is the frame that has to wait.
        await Task.Delay(20);
        fan.Beat(quiet: 10);
        clock.Advance(Plenty.StallTimeout);
        fan.CloseIfStalled();
        await ShouldCloseAsync(pair);
    }

    [Fact]
    public async Task Whoever_sends_holds_and_releases_at_once_the_frames_of_each_come_in_order_and_each_once()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        const int Senders = 3;
        const int Each = 500;
        var sending = Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            var random = new Random(seed + sender);
            for (var i = 0; i < Each; i++)
            {
                var hold = random.Next(5) == 0;
                if (hold)
                {
                    fan.Hold();
                }

                // As deliveries do: the short way where it is open.
                var frame = LanePair.Frame($"{sender}:{i}:{new string('x', random.Next(3_000))}");
                if (!pair.Lane.TryWrite(frame))
                {
                    fan.Send(frame);
                }

                if (hold)
                {
                    await Task.Yield();
                    fan.Release();
                }
            }
        })).ToList();
        var next = new int[Senders];
        for (var read = 0; read < Senders * Each; read++)
        {
            var text = (await pair.ReadAsync())!;
            var parts = text[(text.IndexOf("[[\"", StringComparison.Ordinal) + 3)..].Split(':');
            parts[1].ShouldBe($"{next[parts[0][0] - '0']++}");
        }

        await Task.WhenAll(sending);
        await Eventually.TrueAsync(() => fan.WaitingBytes == 0, "nothing waits");
    }

    /// <summary>Blocks the lane, and lets the fan-out know of it.</summary>
    private static async Task<int> BlockAsync(LanePair pair, FanConnection fan)
    {
        var taken = await pair.BlockAsync();
        fan.Send(LanePair.Frame("blocked"));
        return taken;
    }

    private static async Task ShouldComeAsync(LanePair pair, params string[] texts)
    {
        foreach (var text in texts)
        {
            (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain(text);
        }
    }

    private static Task ShouldCloseAsync(LanePair pair) => Eventually.TrueAsync(() => pair.Aborted.IsCancellationRequested, "the connection is closed");
}
