using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FanHub.Realtime.WebSockets;
using FanHub.Testing;
using Microsoft.AspNetCore.Connections;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>What SignalR reads, over a real pipe, with a real socket for the answers.</summary>
public sealed class MessageReaderTests : IAsyncLifetime
{
    private const int MaxMessage = 1_000;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 4_000, resumeWriterThreshold: 2_000, useSynchronizationContext: false));
    private LanePair _pair = null!;
    private CountingReader _counted = null!;
    private MessageReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _pair = await LanePair.OpenAsync();
        _counted = new CountingReader(_pipe.Reader);
        _reader = new MessageReader(_counted, _pair.Lane, MaxMessage);
    }

    public ValueTask DisposeAsync()
    {
        _pair.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_examined_is_not_given_again_until_there_is_more()
    {
        await ComesAsync(Message("abc"));
        var read = await _reader.ReadAsync();
        Text(read).ShouldBe("abc");
        _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        var next = _reader.ReadAsync();
        next.IsCompleted.ShouldBeFalse();
        await ComesAsync(Message("def"));
        read = await next;
        Text(read).ShouldBe("abcdef", "what was not consumed is given with it");
        _reader.AdvanceTo(read.Buffer.GetPosition(4), read.Buffer.End);
        next = _reader.ReadAsync();
        next.IsCompleted.ShouldBeFalse();
        await ComesAsync(Message("g"));
        Text(await next).ShouldBe("efg");
    }

    [Fact]
    public async Task What_was_neither_consumed_nor_examined_is_given_again_at_once()
    {
        await ComesAsync(Message("abcdef"));
        var read = await _reader.ReadAsync();
        _reader.AdvanceTo(read.Buffer.GetPosition(2));
        read = await _reader.ReadAsync();
        Text(read).ShouldBe("cdef");
        _reader.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.GetPosition(3));
        _reader.TryRead(out read).ShouldBeTrue();
        Text(read).ShouldBe("def");
        _reader.AdvanceTo(read.Buffer.End);
        _reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Half_a_frame_is_given_as_it_comes()
    {
        var frame = Message("abcdef");
        await ComesAsync(frame[..^2]);
        var read = await _reader.ReadAsync();
        Text(read).ShouldBe("abcd");
        _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        await ComesAsync(frame[^2..]);
        Text(await _reader.ReadAsync()).ShouldBe("abcdef");
    }

    [Fact]
    public async Task A_header_that_has_not_come_as_a_whole_is_waited_for_without_asking_again_and_again()
    {
        var frame = Message(new string('x', 300));
        var waiting = _reader.ReadAsync();
        for (var i = 0; i < 7; i++)
        {
            await ComesAsync(frame[i..(i + 1)]);
            await Task.Delay(5);
            waiting.IsCompleted.ShouldBeFalse();
        }

        await ComesAsync(frame[7..]);
        var read = await waiting;
        read.Buffer.Length.ShouldBe(300);
        // Where not everything was examined, the pipe would give the same bytes again at once, without end.
        _counted.Reads.ShouldBeLessThanOrEqualTo(9);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_says_so_and_loses_nothing()
    {
        var waiting = _reader.ReadAsync();
        _reader.CancelPendingRead();
        var read = await waiting;
        read.IsCanceled.ShouldBeTrue();
        read.IsCompleted.ShouldBeFalse();
        read.Buffer.IsEmpty.ShouldBeTrue();
        _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        await ComesAsync(Message("abc"));
        Text(await _reader.ReadAsync()).ShouldBe("abc");
    }

    [Fact]
    public async Task A_cancellation_that_comes_while_nobody_reads_is_for_the_next_who_waits()
    {
        await ComesAsync(Message("abc"));
        var read = await _reader.ReadAsync();
        _reader.CancelPendingRead();
        _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        (await _reader.ReadAsync()).IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_that_is_cancelled_throws_and_leaves_the_reader_usable()
    {
        using var limit = new CancellationTokenSource();
        var waiting = _reader.ReadAsync(limit.Token).AsTask();
        await limit.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await ComesAsync(Message("abc"));
        Text(await _reader.ReadAsync()).ShouldBe("abc");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public async Task The_end_within_a_frame_is_the_end_with_what_there_was(int bytes)
    {
        await ComesAsync(Message("abcd")[..bytes]);
        await _pipe.Writer.CompleteAsync();
        var read = await _reader.ReadAsync();
        read.IsCompleted.ShouldBeTrue();
        Text(read).ShouldBe("abcd"[..Math.Max(0, bytes - 6)]);
        _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        (await _reader.ReadAsync()).IsCompleted.ShouldBeTrue("also for who asks again");
        _reader.ClosedByPeer.ShouldBeFalse();
        (await _reader.ReadToEndAsync(1_000, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_connection_that_broke_has_ended()
    {
        var waiting = _reader.ReadAsync();
        await _pipe.Writer.CompleteAsync(new ConnectionResetException("Reset, for a test."));
        (await waiting).IsCompleted.ShouldBeTrue();
        (await _reader.ReadToEndAsync(1_000, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Pings_are_answered_on_the_way_and_pongs_passed_over()
    {
        await ComesAsync([
            .. RawWebSocket.Frame(RawWebSocket.Text, "ab"u8, final: false), .. RawWebSocket.Frame(RawWebSocket.Ping, "one"u8), .. RawWebSocket.Frame(RawWebSocket.Pong, "?"u8),
            .. RawWebSocket.Frame(RawWebSocket.Continuation, "c"u8), .. RawWebSocket.Frame(RawWebSocket.Ping, ""u8),
        ]);
        Text(await _reader.ReadAsync()).ShouldBe("abc");
        var first = await _pair.Client.ReadFrameAsync();
        first!.Kind.ShouldBe(RawWebSocket.Pong);
        first.Payload.ShouldBe("one"u8.ToArray());
        (await _pair.Client.ReadFrameAsync())!.Payload.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_ping_alone_is_answered_and_gives_the_reader_nothing()
    {
        var waiting = _reader.ReadAsync();
        await ComesAsync(RawWebSocket.Frame(RawWebSocket.Ping, "one"u8));
        (await _pair.Client.ReadFrameAsync())!.Payload.ShouldBe("one"u8.ToArray());
        waiting.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4999)]
    [InlineData(1005)]
    public async Task A_close_is_answered_and_is_the_end(int code)
    {
        await ComesAsync([.. Message("abc"), .. code == 1005 ? RawWebSocket.Frame(RawWebSocket.Close, []) : RawWebSocket.CloseFrame(code), .. Message("not heard")]);
        var read = await _reader.ReadAsync();
        Text(read).ShouldBe("abc");
        read.IsCompleted.ShouldBeTrue();
        _reader.ClosedByPeer.ShouldBeTrue();
        (await _pair.ReadAsync()).ShouldBe($"close {code}");
        (await _reader.ReadToEndAsync(1_000, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_breach_is_answered_with_its_code_and_is_the_end_but_what_came_before_counts()
    {
        await ComesAsync([.. Message("abc"), .. RawWebSocket.Frame(3, "x"u8), .. Message("not heard")]);
        var read = await _reader.ReadAsync();
        Text(read).ShouldBe("abc");
        read.IsCompleted.ShouldBeTrue();
        _reader.ClosedByPeer.ShouldBeFalse();
        (await _pair.ReadAsync()).ShouldBe("close 1002");
        _reader.AdvanceTo(read.Buffer.End);

        // What else comes is read away, until the client is gone.
        var toEnd = _reader.ReadToEndAsync(1_000_000, CancellationToken.None);
        await ComesAsync(new byte[500]);
        toEnd.IsCompleted.ShouldBeFalse();
        await _pipe.Writer.CompleteAsync();
        (await toEnd).ShouldBeTrue();
    }

    [Fact]
    public async Task One_byte_more_than_a_message_may_have_is_a_breach()
    {
        await ComesAsync(Message(new string('x', MaxMessage + 1)));
        var read = await _reader.ReadAsync();
        read.IsCompleted.ShouldBeTrue();
        (await _pair.ReadAsync()).ShouldBe("close 1009");
    }

    [Fact]
    public async Task No_more_is_taken_than_may_wait_and_the_rest_comes_when_there_is_room()
    {
        var all = string.Concat(Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), MaxMessage)));
        var coming = Task.Run(async () =>
        {
            foreach (var message in all.Chunk(MaxMessage))
            {
                await ComesAsync(Message(new string(message)));
            }
        });
        var heard = new StringBuilder();
        while (heard.Length < all.Length)
        {
            var read = await _reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            read.Buffer.Length.ShouldBeLessThanOrEqualTo(MaxMessage + 1);
            (coming.IsCompleted && heard.Length < all.Length - (8 * MaxMessage)).ShouldBeFalse("who sends waits for who reads");
            var take = read.Buffer.Slice(0, Math.Min(700, read.Buffer.Length));
            heard.Append(Encoding.ASCII.GetString(take));
            _reader.AdvanceTo(take.End);
        }

        heard.ToString().ShouldBe(all);
        await coming;
    }

    [Fact]
    public async Task More_than_a_message_of_which_the_reader_can_make_nothing_is_too_much()
    {
        await ComesAsync([.. Message(new string('x', MaxMessage)), .. Message("yz")]);
        var read = await _reader.ReadAsync();
        while (!read.IsCompleted)
        {
            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await Task.Run(async () => await _reader.ReadAsync()).WaitAsync(TimeSpan.FromSeconds(5));
        }

        (await _pair.ReadAsync()).ShouldBe("close 1009");
    }

    [Fact]
    public async Task Who_goes_on_without_end_is_not_listened_to_forever()
    {
        var coming = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await ComesAsync(Message(new string('x', MaxMessage)));
            }
        });
        (await _reader.ReadToEndAsync(50_000, CancellationToken.None)).ShouldBeFalse();
        coming.IsCompleted.ShouldBeFalse();
        await _pipe.Reader.CompleteAsync();
        await coming;
    }

    [Fact]
    public async Task Whatever_the_frames_and_wherever_they_are_cut_SignalR_reads_the_messages()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var messages = Enumerable.Range(0, 2_000).Select(i => $"{i}:{new string('ä', random.Next(random.Next(10) == 0 ? 400 : 20))}").ToList();
        var coming = Task.Run(() => SendAsync(random, messages));

        // As HubConnectionHandler does it.
        var heard = new List<string>();
        while (true)
        {
            var read = await _reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            var buffer = read.Buffer;
            try
            {
                while (buffer.PositionOf((byte)0x1e) is { } end)
                {
                    heard.Add(Encoding.UTF8.GetString(buffer.Slice(0, end)));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (read.IsCompleted)
                {
                    buffer.IsEmpty.ShouldBeTrue();
                    break;
                }
            }
            finally
            {
                _reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }

        await coming;
        heard.ShouldBe(messages);
        _reader.ClosedByPeer.ShouldBeTrue();
    }

    private static byte[] Message(string text) => RawWebSocket.Frame(RawWebSocket.Text, Encoding.UTF8.GetBytes(text));

    private static string Text(ReadResult read) => Encoding.UTF8.GetString(read.Buffer);

    private async Task ComesAsync(byte[] bytes) => await _pipe.Writer.WriteAsync(bytes);

    private async Task SendAsync(Random random, List<string> messages)
    {
        // Messages, some together, into fragments; control frames in between; the bytes into pieces.
        var stream = new List<byte>();
        for (var i = 0; i < messages.Count;)
        {
            var some = random.Next(1, 3);
            var payload = Encoding.UTF8.GetBytes(string.Concat(messages.Skip(i).Take(some).Select(m => m + "\u001e")));
            i += some;
            payload.Length.ShouldBeLessThanOrEqualTo(2 * MaxMessage);
            for (var at = 0; ;)
            {
                if (payload.Length > MaxMessage)
                {
                    // More than a message may have: as binary messages of their own.
                    var part = Math.Min(MaxMessage, payload.Length - at);
                    stream.AddRange(RawWebSocket.Frame(RawWebSocket.Binary, payload.AsSpan(at, part), mask: (uint)random.Next()));
                    at += part;
                }
                else
                {
                    var part = random.Next(payload.Length - at + 1);
                    stream.AddRange(RawWebSocket.Frame(at == 0 ? RawWebSocket.Text : RawWebSocket.Continuation, payload.AsSpan(at, part), final: at + part == payload.Length, mask: (uint)random.Next()));
                    if (part == 0 && at == 0 && payload.Length > 0)
                    {
                        stream.AddRange(RawWebSocket.Frame(RawWebSocket.Continuation, payload, mask: (uint)random.Next()));
                        break;
                    }

                    at += part;
                }

                if (at == payload.Length)
                {
                    break;
                }

                if (random.Next(4) == 0)
                {
                    stream.AddRange(RawWebSocket.Frame(RawWebSocket.Pong, "p"u8));
                }
            }
        }

        stream.AddRange(RawWebSocket.CloseFrame(1000));
        byte[] all = [.. stream];
        for (var at = 0; at < all.Length;)
        {
            var piece = Math.Min(all.Length - at, random.Next(1, random.Next(5) == 0 ? 3_000 : 50));
            await ComesAsync(all[at..(at + piece)]);
            at += piece;
        }
    }

    private sealed class CountingReader(PipeReader inner) : PipeReader
    {
        public int Reads { get; private set; }

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            Reads++;
            return inner.ReadAsync(cancellationToken);
        }

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);
    }
}
