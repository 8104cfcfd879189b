using System.Buffers;
using System.Text;
using FanHub.Realtime.WebSockets;
using FsCheck;
using FsCheck.Fluent;

namespace FanHub.Tests.Realtime.WebSockets;

public class FrameParserTests
{
    private const int MaxMessage = 65_536;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Messages_of_every_length_come_out_as_they_went_in(int length)
    {
        var payload = Text(length);
        var heard = Hear([ClientFrames.Of(FrameKind.Text, payload)]);
        heard.Payload.ShouldBe(payload);
        heard.Tokens.ShouldBeEmpty();
    }

    [Fact]
    public void One_byte_more_than_a_message_may_have_is_too_big() =>
        Hear([ClientFrames.Of(FrameKind.Text, Text(MaxMessage + 1))]).ShouldEndWith(CloseCode.TooBig);

    [Fact]
    public void Fragments_count_together() => Hear(
        [ClientFrames.Of(FrameKind.Text, Text(MaxMessage), final: false), ClientFrames.Of(FrameKind.Continuation, Text(1))]).ShouldEndWith(CloseCode.TooBig);

    [Fact]
    public void A_length_of_63_bits_is_refused_before_it_arrives() =>
        Hear([[0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4]]).ShouldEndWith(CloseCode.TooBig);

    [Fact]
    public void Fragments_are_put_together_with_control_frames_in_between()
    {
        var heard = Hear([
            ClientFrames.Of(FrameKind.Text, "fan"u8, final: false),
            ClientFrames.Of(FrameKind.Ping, "are you there?"u8),
            ClientFrames.Of(FrameKind.Continuation, "h"u8, final: false),
            ClientFrames.Of(FrameKind.Pong, "yes"u8),
            ClientFrames.Of(FrameKind.Continuation, ""u8, final: false),
            ClientFrames.Of(FrameKind.Continuation, "ub"u8),
            ClientFrames.Of(FrameKind.Binary, [0xFF, 0xFE]),
        ]);
        heard.Payload.ShouldBe([.. "fanhub"u8, 0xFF, 0xFE]);
        heard.Tokens.ShouldBe(["Ping are you there?", "Pong yes"]);
    }

    [Fact]
    public void A_close_between_fragments_is_a_close() => Hear([ClientFrames.Of(FrameKind.Text, "half"u8, final: false), ClientFrames.Close(1001)]).Tokens.ShouldBe(["Close 1001"]);

    public static TheoryData<string, byte[][]> Breaches => new()
    {
        { "an unmasked frame", [ClientFrames.Of(FrameKind.Text, "x"u8, masked: false)] },
        { "reserved bit 1", [ClientFrames.Of(FrameKind.Text, "x"u8, reserved: 0x40)] },
        { "reserved bit 2", [ClientFrames.Of(FrameKind.Text, "x"u8, reserved: 0x20)] },
        { "reserved bit 3", [ClientFrames.Of(FrameKind.Ping, "x"u8, reserved: 0x10)] },
        { "an unknown opcode for data", [ClientFrames.Of((FrameKind)3, "x"u8)] },
        { "an unknown opcode for control", [ClientFrames.Of((FrameKind)11, "x"u8)] },
        { "a control frame in fragments", [ClientFrames.Of(FrameKind.Ping, "x"u8, final: false)] },
        { "a ping of 126 bytes", [ClientFrames.Of(FrameKind.Ping, new byte[126])] },
        { "a close of one byte", [ClientFrames.Of(FrameKind.Close, [3])] },
        { "a continuation of nothing", [ClientFrames.Of(FrameKind.Continuation, "x"u8)] },
        { "a continuation after the end", [ClientFrames.Of(FrameKind.Text, "x"u8), ClientFrames.Of(FrameKind.Continuation, "x"u8)] },
        { "a message inside a message", [ClientFrames.Of(FrameKind.Text, "x"u8, final: false), ClientFrames.Of(FrameKind.Text, "x"u8)] },
        { "125 bytes said in two", [ClientFrames.Of(FrameKind.Text, Text(125), lengthBytes: 2)] },
        { "65,535 bytes said in eight", [ClientFrames.Of(FrameKind.Text, Text(65_535), lengthBytes: 8)] },
        { "a length with the highest bit", [[0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4]] },
        { "close code 999", [ClientFrames.Close(999)] },
        { "close code 1004", [ClientFrames.Close(1004)] },
        { "close code 1005", [ClientFrames.Close(1005)] },
        { "close code 1006", [ClientFrames.Close(1006)] },
        { "close code 1015", [ClientFrames.Close(1015)] },
        { "close code 2999", [ClientFrames.Close(2999)] },
        { "close code 5000", [ClientFrames.Close(5000)] },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void Breaches_of_the_protocol_are_told_as_such(string what, byte[][] frames) => Hear(frames).ShouldEndWith(CloseCode.ProtocolError, what);

    [Theory]
    [InlineData(1000)]
    [InlineData(1003)]
    [InlineData(1007)]
    [InlineData(1014)]
    [InlineData(3000)]
    [InlineData(4999)]
    public void Codes_that_a_client_may_close_with_are_taken(int code) => Hear([ClientFrames.Close(code, "Bye ✓")]).Tokens.ShouldBe([$"Close {code}"]);

    [Fact]
    public void A_close_may_say_nothing() => Hear([ClientFrames.Of(FrameKind.Close, [])]).Tokens.ShouldBe(["Close 1005"]);

    public static TheoryData<string, byte[][]> WrongText => new()
    {
        { "a byte that begins nothing", [ClientFrames.Of(FrameKind.Text, [0x61, 0xF5])] },
        { "a surrogate", [ClientFrames.Of(FrameKind.Text, [0xED, 0xA0, 0x80])] },
        { "two bytes for one", [ClientFrames.Of(FrameKind.Text, [0xC0, 0xAF])] },
        { "beyond the last character", [ClientFrames.Of(FrameKind.Text, [0xF4, 0x90, 0x80, 0x80])] },
        { "a character without its end", [ClientFrames.Of(FrameKind.Text, [0xCE])] },
        { "a character without its end, in the last fragment", [ClientFrames.Of(FrameKind.Text, [0xCE], final: false), ClientFrames.Of(FrameKind.Continuation, [])] },
        { "a character that goes on wrongly in the next fragment", [ClientFrames.Of(FrameKind.Text, [0xCE], final: false), ClientFrames.Of(FrameKind.Continuation, [0x61])] },
        { "the beginning of a surrogate at the end of a fragment", [ClientFrames.Of(FrameKind.Text, [0xED, 0xA0], final: false)] },
        { "the reason of a close", [ClientFrames.Of(FrameKind.Close, [3, 0xE8, 0xFF])] },
        { "the reason of a close, cut", [ClientFrames.Of(FrameKind.Close, [3, 0xE8, 0xCE])] },
    };

    [Theory]
    [MemberData(nameof(WrongText))]
    public void Text_that_is_not_UTF_8_is_refused_as_soon_as_that_is_certain(string what, byte[][] frames) => Hear(frames).ShouldEndWith(CloseCode.InvalidText, what);

    [Fact]
    public void Characters_may_be_cut_by_fragments()
    {
        var text = Encoding.UTF8.GetBytes("κόσμε 🏅 ✓");
        var frames = text.Select((b, i) => ClientFrames.Of(i == 0 ? FrameKind.Text : FrameKind.Continuation, [b], final: i == text.Length - 1)).ToArray();
        var heard = Hear(frames);
        heard.Payload.ShouldBe(text);
        heard.Tokens.ShouldBeEmpty();
    }

    [Fact]
    public void What_comes_out_does_not_depend_on_where_the_stream_is_cut()
    {
        byte[] stream = [.. ClientFrames.Of(FrameKind.Text, Encoding.UTF8.GetBytes("κό🏅"), final: false), .. ClientFrames.Of(FrameKind.Ping, "p"u8), .. ClientFrames.Of(FrameKind.Continuation, Text(126)), .. ClientFrames.Close(1000, "✓")];
        var whole = Hear([stream]);
        whole.Tokens.ShouldBe(["Ping p", "Close 1000"]);
        for (var first = 0; first <= stream.Length; first++)
        {
            for (var second = first; second <= stream.Length; second += 7)
            {
                var heard = Hear([stream[..first], stream[first..second], stream[second..]]);
                heard.Payload.ShouldBe(whole.Payload);
                heard.Tokens.ShouldBe(whole.Tokens);
            }
        }
    }

    [Fact]
    public void Any_frames_cut_anywhere_come_out_as_if_they_had_come_at_once() => Prop.ForAll(
        Streams().ToArbitrary(),
        sample =>
        {
            var whole = Hear([sample.Stream]);
            var cut = Hear(Cut(sample.Stream, sample.Cuts));
            // How much of a text was handed on before it turned out not to be one depends on how it came.
            return (cut.Payload.SequenceEqual(whole.Payload) || (whole.Tokens.Contains("Violation 1007") && whole.Payload.AsSpan().StartsWith(cut.Payload))) && cut.Tokens.SequenceEqual(whole.Tokens, StringComparer.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_bytes_at_all_are_heard_without_an_exception_and_alike_however_they_are_cut() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>().Generator.Zip(Gen.Choose(1, 5).ListOf()).ToArbitrary(),
        sample =>
        {
            var whole = Hear([sample.Item1]);
            var cut = Hear(Cut(sample.Item1, [.. sample.Item2]));
            return cut.Tokens.SequenceEqual(whole.Tokens, StringComparer.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Nothing_is_taken_from_the_stream_for_which_there_is_no_room()
    {
        var parser = new FrameParser(MaxMessage);
        var buffer = new PayloadBuffer(10);
        var input = new ReadOnlySequence<byte>(ClientFrames.Of(FrameKind.Text, "0123456789abcdef"u8));
        parser.Next(ref input, buffer).ShouldBe(FrameToken.NeedMore);
        input.Length.ShouldBe(6);
        buffer.Bytes.ToArray().ShouldBe("0123456789"u8.ToArray());
        buffer.Drop(4);
        parser.Next(ref input, buffer).ShouldBe(FrameToken.NeedMore);
        buffer.Bytes.ToArray().ShouldBe("456789abcd"u8.ToArray());
        buffer.Drop(10);
        parser.Next(ref input, buffer).ShouldBe(FrameToken.NeedMore);
        buffer.Bytes.ToArray().ShouldBe("ef"u8.ToArray());
    }

    private static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 26)))];

    private static Gen<(byte[] Stream, int[] Cuts)> Streams()
    {
        var kinds = Gen.Elements(FrameKind.Text, FrameKind.Binary, FrameKind.Continuation, FrameKind.Ping, FrameKind.Pong, FrameKind.Close);
        var payloads = Gen.Frequency<byte[]>(
            (6, Gen.Elements("", "a", "κό🏅", "fan", "Olympic Games, for all").Select(Encoding.UTF8.GetBytes)),
            (2, Gen.Choose(120, 130).Select(Text)),
            (1, ArbMap.Default.ArbFor<byte[]>().Generator));
        var frames = from kind in kinds
                     from payload in payloads
                     from final in Gen.Elements(true, true, false)
                     from mask in Gen.Choose(0, int.MaxValue)
                     select kind == FrameKind.Close && payload.Length < 2 ? ClientFrames.Close(1000) : ClientFrames.Of(kind, payload, final || kind >= FrameKind.Close, mask: (uint)mask);
        return from some in frames.NonEmptyListOf()
               from cuts in Gen.Choose(1, 40).ListOf()
               select (some.SelectMany(f => f).ToArray(), cuts.ToArray());
    }

    private static byte[][] Cut(byte[] stream, int[] cuts)
    {
        var pieces = new List<byte[]>();
        var at = 0;
        foreach (var cut in cuts)
        {
            var end = Math.Min(stream.Length, at + cut);
            pieces.Add(stream[at..end]);
            at = end;
        }

        pieces.Add(stream[at..]);
        return [.. pieces];
    }

    /// <summary>What a reader makes of pieces of a stream, when each comes alone and what it leaves is offered again with the next.</summary>
    private static Heard Hear(byte[][] pieces)
    {
        var parser = new FrameParser(MaxMessage);
        var buffer = new PayloadBuffer(1024 * 1024);
        var tokens = new List<string>();
        byte[] left = [];
        foreach (var piece in pieces)
        {
            // In two segments, as pipes have it.
            var input = Segments.Of(left, piece);
            FrameToken token;
            while ((token = parser.Next(ref input, buffer)) != FrameToken.NeedMore)
            {
                tokens.Add(token switch
                {
                    FrameToken.Ping or FrameToken.Pong => $"{token} {Encoding.Latin1.GetString(parser.Control)}",
                    _ => $"{token} {parser.CloseStatus}",
                });
                if (token is FrameToken.Close or FrameToken.Violation)
                {
                    return new Heard(buffer.Bytes.ToArray(), tokens);
                }
            }

            left = input.ToArray();
        }

        return new Heard(buffer.Bytes.ToArray(), tokens);
    }

    private sealed record Heard(byte[] Payload, List<string> Tokens)
    {
        public void ShouldEndWith(int code, string? what = null) => Tokens.LastOrDefault().ShouldBe($"Violation {code}", what);
    }

    private sealed class Segments : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Of(byte[] first, byte[] second)
        {
            var last = new Segments { Memory = second, RunningIndex = first.Length };
            return new ReadOnlySequence<byte>(new Segments { Memory = first, Next = last }, 0, last, second.Length);
        }
    }
}
