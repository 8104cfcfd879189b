using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FanHub.Realtime.WebSockets;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>What goes out, over real sockets whose kernel takes little.</summary>
public sealed partial class SocketLaneTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Frames_that_the_kernel_takes_in_parts_arrive_whole_and_in_order()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        for (var i = 0; i < 300; i++)
        {
            fan.Send(LanePair.Frame($"{i} {new string('x', i * 331 % 70_000)}"));
        }

        for (var i = 0; i < 300; i++)
        {
            (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain($"\"{i} {new string('x', i * 331 % 70_000)}\"");
        }

        // And again at once, now that nothing waits.
        fan.Send(LanePair.Frame("last"));
        (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain("last");
    }

    [Fact]
    public async Task What_is_not_the_fan_outs_goes_between_its_frames_while_they_wait()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        var sent = 0;
        while (pair.Client.Socket.Available < 1 || sent < 100)
        {
            fan.Send(LanePair.Frame($"fan-out {++sent} {new string('x', 5_000)}"));
        }

        pair.Lane.WriteOwn(LanePair.Own("first of its own"));
        fan.Send(LanePair.Frame("fan-out after"));
        pair.Lane.WriteOwn(LanePair.Own("second of its own"));
        var read = new List<string>();
        while (read.Count < sent + 3)
        {
            read.Add((await pair.ReadAsync())!);
        }

        Order(read.Where(r => r.Contains("fan-out", StringComparison.Ordinal))).ShouldBe([.. Enumerable.Range(1, sent).Select(i => $"fan-out {i}"), "fan-out after"]);
        read.Where(r => r.Contains("own", StringComparison.Ordinal)).ShouldBe(["first of its own", "second of its own"]);
        read.IndexOf("second of its own").ShouldBeLessThan(read.Count - 10, "it does not wait for all that waits at the fan-out");

        static IEnumerable<string> Order(IEnumerable<string> frames) => frames.Select(f => FanOut().Match(f).Value);
    }

    [Fact]
    public async Task The_fan_out_may_write_again_once_all_that_was_taken_is_on_its_way_and_not_before()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        var taken = await pair.BlockAsync();
        pair.Lane.WriteOwn(LanePair.Own("own"));
        // The lane knows no owner's frame yet; this one learns of it by being told no.
        fan.Send(LanePair.Frame("straight to the lane"));
        fan.Send(LanePair.Frame("after it"));
        pair.Lane.WriteOwn(LanePair.Own("own, later"));
        await pair.ReadBlockAsync(taken);
        (await pair.ReadAsync()).ShouldBe("own");
        (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain("straight to the lane");
        // It waits behind what is in the lane, because the lane has said no.
        (await pair.ReadAsync()).ShouldBe("own, later");
        (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain("after it");
        (await pair.Lane.FlushedAsync(Limit)).ShouldBeTrue();
        fan.Send(LanePair.Frame("at once"));
        (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain("at once");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_follows_the_last_frame(bool blocked)
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        var taken = 0;
        if (blocked)
        {
            taken = await pair.BlockAsync();
            fan.Send(LanePair.Frame("in the lane"));
            fan.Send(LanePair.Frame("at the fan-out"));
        }

        pair.Lane.WriteOwn(LanePair.Own("own"));
        pair.Lane.WriteLast(FrameFormat.MakeClose(1000));
        pair.Lane.WriteLast(FrameFormat.MakeClose(1001));
        pair.Lane.WriteOwn(LanePair.Own("too late"));
        pair.Lane.Write(LanePair.Frame("too late")).ShouldBeTrue("there is nothing to wait for");
        fan.Send(LanePair.Frame("too late"));
        await pair.ReadBlockAsync(taken);
        if (blocked)
        {
            (await pair.ReadAsync()).ShouldNotBeNull().ShouldContain("in the lane");
        }

        (await pair.ReadAsync()).ShouldBe("own");
        (await pair.ReadAsync()).ShouldBe("close 1000");
        (await pair.Lane.FlushedAsync(Limit)).ShouldBeTrue();
        pair.Lane.WriteOwn(LanePair.Own("too late"));
        pair.EndServer();
        (await pair.ReadAsync()).ShouldBeNull();
        pair.Broken.ShouldBe(0);
    }

    [Fact]
    public async Task After_the_end_what_waits_is_forgotten()
    {
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        var taken = await pair.BlockAsync();
        fan.Send(LanePair.Frame("in the lane"));
        fan.Send(LanePair.Frame("at the fan-out"));
        pair.Lane.WriteOwn(LanePair.Own("own"));
        pair.Lane.End();
        pair.Lane.WriteOwn(LanePair.Own("too late"));
        await pair.ReadBlockAsync(taken);
        (await pair.Lane.FlushedAsync(Limit)).ShouldBeTrue();
        pair.EndServer();
        (await pair.ReadAsync()).ShouldBeNull("what was begun is finished, and nothing else");
    }

    [Fact]
    public async Task More_waiting_than_the_bound_breaks_the_connection()
    {
        using var pair = await LanePair.OpenAsync(maxWaiting: 20_000);
        await pair.BlockAsync();
        pair.Lane.WriteOwn(new byte[19_000]);
        await Task.Delay(50);
        pair.Broken.ShouldBe(0);
        pair.Lane.WriteOwn(new byte[2_000]);
        await Eventually(() => pair.Broken > 0);
        pair.Lane.WriteOwn(new byte[2_000]);
        pair.Lane.Write(LanePair.Frame("too late")).ShouldBeTrue();
        await ShouldBeFlushedAsync(pair);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_that_resets_breaks_it(bool blocked)
    {
        using var pair = await LanePair.OpenAsync();
        if (blocked)
        {
            await pair.BlockAsync();
        }

        pair.Client.Socket.LingerState = new(enable: true, seconds: 0);
        pair.Client.Socket.Dispose();
        await Eventually(() =>
        {
            pair.Lane.WriteOwn(LanePair.Own("is anybody there?"));
            return pair.Broken > 0;
        });
        pair.Lane.Write(LanePair.Frame("too late")).ShouldBeTrue();
        await ShouldBeFlushedAsync(pair);
    }

    [Fact]
    public async Task A_socket_that_is_gone_on_this_side_breaks_it_and_throws_nothing()
    {
        using var pair = await LanePair.OpenAsync();
        await pair.BlockAsync();
        pair.EndServer();
        await Eventually(() =>
        {
            pair.Lane.WriteOwn(LanePair.Own("x"));
            return pair.Broken > 0;
        });

        using var other = await LanePair.OpenAsync();
        other.EndServer();
        other.Lane.WriteOwn(LanePair.Own("x"));
        await Eventually(() => other.Broken > 0);
    }

    [Fact]
    public async Task Who_waits_until_all_is_sent_is_told_when_it_is_or_that_it_took_too_long()
    {
        using var pair = await LanePair.OpenAsync();
        (await pair.Lane.FlushedAsync(TimeSpan.Zero)).ShouldBeTrue("nothing waits");
        var taken = await pair.BlockAsync();
        (await pair.Lane.FlushedAsync(TimeSpan.FromMilliseconds(50))).ShouldBeFalse();
        var flushed = pair.Lane.FlushedAsync(Limit);
        flushed.IsCompleted.ShouldBeFalse();
        await pair.ReadBlockAsync(taken);
        (await flushed).ShouldBeTrue();
        var again = await pair.BlockAsync();
        (await pair.Lane.FlushedAsync(TimeSpan.FromMilliseconds(50))).ShouldBeFalse();
        await pair.ReadBlockAsync(again);
        (await pair.Lane.FlushedAsync(Limit)).ShouldBeTrue();
    }

    [Fact]
    public async Task Silence_is_counted_from_the_last_frame_that_was_sent()
    {
        using var pair = await LanePair.OpenAsync();
        await Task.Delay(60);
        pair.Lane.MillisecondsIdle.ShouldBeGreaterThanOrEqualTo(40);
        var clock = Stopwatch.StartNew();
        pair.Lane.WriteOwn(LanePair.Own("x"));
        var idle = pair.Lane.MillisecondsIdle;
        // The clock that counts it has ticks of some milliseconds.
        idle.ShouldBeLessThan((int)clock.Elapsed.TotalMilliseconds + 30);
    }

    [Fact]
    public async Task Whoever_writes_at_once_and_however_slowly_it_is_read_the_frames_are_exactly_those_that_were_written()
    {
        const int Writers = 4;
        const int Each = 400;
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using var pair = await LanePair.OpenAsync();
        var fan = pair.Fan();
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(seed + writer);
            for (var i = 0; i < Each; i++)
            {
                var text = $"<{writer}:{i}:{Filler(random, out var length)}:{length}>";
                // The even ones belong to the fan-out.
                if (writer % 2 == 0)
                {
                    fan.Send(LanePair.Frame(text));
                }
                else
                {
                    pair.Lane.WriteOwn(LanePair.Own(text));
                }

                if (random.Next(20) == 0)
                {
                    await Task.Delay(random.Next(5));
                }
            }
        })).ToList();

        var pauses = new Random(seed - 1);
        var next = new int[Writers];
        for (var read = 0; read < Writers * Each; read++)
        {
            var match = Marked().Match((await pair.ReadAsync())!);
            match.Success.ShouldBeTrue();
            var writer = int.Parse(match.Groups["writer"].ValueSpan, CultureInfo.InvariantCulture);
            int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture).ShouldBe(next[writer]++);
            match.Groups["filler"].Length.ShouldBe(int.Parse(match.Groups["length"].ValueSpan, CultureInfo.InvariantCulture));
            if (pauses.Next(50) == 0)
            {
                await Task.Delay(pauses.Next(10));
            }
        }

        await Task.WhenAll(writing);
        next.ShouldAllBe(n => n == Each);
        (await pair.Lane.FlushedAsync(Limit)).ShouldBeTrue();
        pair.Lane.WriteLast(FrameFormat.MakeClose(1000));
        (await pair.ReadAsync()).ShouldBe("close 1000");
        pair.Broken.ShouldBe(0);
    }

    [Fact]
    public async Task The_last_frame_is_the_last_whoever_writes_meanwhile()
    {
        for (var round = 0; round < 50; round++)
        {
            using var pair = await LanePair.OpenAsync();
            var fan = pair.Fan();
            using var go = new ManualResetEventSlim();
            var writing = Enumerable.Range(0, 3).Select(writer => Task.Run(() =>
            {
                go.Wait();
                for (var i = 0; i < 50; i++)
                {
                    if (writer == 0)
                    {
                        fan.Send(LanePair.Frame(new string('f', 1_000)));
                    }
                    else
                    {
                        pair.Lane.WriteOwn(LanePair.Own(new string('o', 500)));
                    }
                }
            })).ToList();
            go.Set();
            await Task.Yield();
            pair.Lane.WriteLast(FrameFormat.MakeClose(1000));
            string? read;
            while ((read = await pair.ReadAsync()) != "close 1000")
            {
                read.ShouldNotBeNull();
            }

            await Task.WhenAll(writing);
            pair.EndServer();
            (await pair.ReadAsync()).ShouldBeNull();
        }
    }

    [GeneratedRegex("fan-out (?:after|[0-9]+)", RegexOptions.None, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex FanOut();

    [GeneratedRegex("<(?<writer>[0-9]+):(?<number>[0-9]+):(?<filler>x*):(?<length>[0-9]+)>", RegexOptions.None, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Marked();

    private static string Filler(Random random, out int length)
    {
        length = random.Next(10) switch
        {
            0 => random.Next(100_000),
            < 4 => random.Next(5_000),
            _ => random.Next(200),
        };
        return new string('x', length);
    }

    private static async Task ShouldBeFlushedAsync(LanePair pair)
    {
        var clock = Stopwatch.StartNew();
        (await pair.Lane.FlushedAsync(Limit)).ShouldBeTrue("nothing can be sent any more");
        clock.Elapsed.ShouldBeLessThan(Limit / 2);
    }

    private static Task Eventually(Func<bool> condition) => FanHub.Testing.Eventually.TrueAsync(condition, "it notices");
}
