using System.Text;
using FanHub.Realtime.WebSockets;
using FsCheck;
using FsCheck.Fluent;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>Against the framework's own strict decoder, wherever the bytes are cut.</summary>
public sealed class Utf8StreamTests
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The first and last of each kind of byte that makes a difference in UTF-8 (Unicode, table 3-7), and their neighbours.</summary>
    private static readonly byte[] Interesting =
    [
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ];

    [Fact]
    public void Every_two_bytes_are_judged_as_the_framework_judges_them()
    {
        for (var first = 0; first < 256; first++)
        {
            ShouldAgree([(byte)first]);
            for (var second = 0; second < 256; second++)
            {
                ShouldAgree([(byte)first, (byte)second]);
            }
        }
    }

    [Fact]
    public void Three_four_and_five_bytes_at_the_borders_are_judged_as_the_framework_judges_them()
    {
        foreach (var a in Interesting)
        {
            foreach (var b in Interesting)
            {
                foreach (var c in Interesting)
                {
                    ShouldAgree([a, b, c]);
                    foreach (var d in Interesting)
                    {
                        ShouldAgree([a, b, c, d]);
                    }
                }
            }
        }

        foreach (var lead in (byte[])[0xE2, 0xF0, 0xF4])
        {
            foreach (var b in Interesting)
            {
                foreach (var c in Interesting)
                {
                    foreach (var d in Interesting)
                    {
                        ShouldAgree([(byte)'a', lead, b, c, d]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Every_character_is_taken_and_every_surrogate_refused()
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var point = 0; point <= 0x10FFFF; point += point is > 0x900 and < 0xD700 or > 0x10100 and < 0x10FF00 ? 37 : 1)
        {
            if (Rune.TryCreate(point, out var rune))
            {
                ShouldAgree(bytes[..rune.EncodeToUtf8(bytes)].ToArray());
            }
            else
            {
                ShouldAgree([0xED, (byte)(0x80 | ((point >> 6) & 0x3F)), (byte)(0x80 | (point & 0x3F))]);
            }
        }
    }

    [Fact]
    public void Any_bytes_are_judged_alike_however_they_are_cut() => Prop.ForAll(
        Gen.Frequency<byte[]>(
            (1, ArbMap.Default.ArbFor<byte[]>().Generator),
            (2, Gen.Elements(Interesting).ArrayOf()),
            (4, ArbMap.Default.ArbFor<string>().Generator.Select(s => Encoding.UTF8.GetBytes(s ?? ""))),
            // Text with one byte put wrong.
            (3, from text in Gen.Elements("κόσμε 🏅 ✓", "Olympische Spiele für alle", "五輪 🥇🥈🥉", "\uD7FF\uE000\uFFFD\U0010FFFF")
                from at in Gen.Choose(0, 100)
                from wrong in Gen.Elements(Interesting)
                select Broken(Encoding.UTF8.GetBytes(text), at, wrong)))
            .Zip(Gen.Choose(0, 6).ListOf()).ToArbitrary(),
        sample =>
        {
            var (bytes, cuts) = sample;
            return Judge(Pieces(bytes, [.. cuts])) == Judge([bytes]) && Judge([bytes]) == Framework(bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void What_is_wrong_shows_at_the_first_byte_that_makes_it_so() => Prop.ForAll(
        Gen.Elements(Interesting).ArrayOf().ToArbitrary(),
        bytes =>
        {
            // Byte by byte, it is refused at the first after which nothing can be put to make it right.
            var stream = default(Utf8Stream);
            for (var i = 0; i < bytes.Length; i++)
            {
                var taken = stream.Add(bytes.AsSpan(i, 1));
                if (taken != CanBecomeText(bytes.AsSpan(0, i + 1)))
                {
                    return false;
                }

                if (!taken)
                {
                    break;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static byte[] Broken(byte[] bytes, int at, byte wrong)
    {
        bytes[at % bytes.Length] = wrong;
        return bytes;
    }

    /// <summary>Everything in one, and cut at each place and pair of places.</summary>
    private static void ShouldAgree(byte[] bytes)
    {
        var expected = Framework(bytes);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                if (Judge([bytes[..first], bytes[first..second], bytes[second..]]) != expected)
                {
                    Assert.Fail($"{Convert.ToHexString(bytes)} cut at {first} and {second} is judged otherwise than {expected}.");
                }
            }
        }
    }

    private static bool Framework(byte[] bytes)
    {
        try
        {
            Strict.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool CanBecomeText(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            switch (Rune.DecodeFromUtf8(bytes, out _, out var consumed))
            {
                case System.Buffers.OperationStatus.NeedMoreData:
                    return true;
                case System.Buffers.OperationStatus.InvalidData:
                    return false;
            }

            bytes = bytes[consumed..];
        }

        return true;
    }

    private static bool Judge(byte[][] pieces)
    {
        var stream = default(Utf8Stream);
        return Array.TrueForAll(pieces, p => stream.Add(p)) && stream.IsComplete;
    }

    private static byte[][] Pieces(byte[] bytes, int[] cuts)
    {
        var pieces = new List<byte[]>();
        var at = 0;
        foreach (var cut in cuts)
        {
            var end = Math.Min(bytes.Length, at + cut);
            pieces.Add(bytes[at..end]);
            at = end;
        }

        pieces.Add(bytes[at..]);
        return [.. pieces];
    }
}
