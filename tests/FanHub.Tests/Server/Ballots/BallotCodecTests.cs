using FanHub.Server.Ballots;

namespace FanHub.Tests.Server.Ballots;

public sealed class BallotCodecTests
{
    private static readonly long[] Times = [0, 1, 255, 256, 65535, 65536, (1L << 24) - 1, 1L << 24, uint.MaxValue, 1L << 32, StoredBallot.MaxElapsedMs];
    private static readonly long[] Credits = [0, 1, 30_000, 600_000, StoredBallot.MaxCreditMs];

    [Fact]
    public void Every_width_of_choices_and_time_comes_back_as_it_was()
    {
        for (var options = 1; options <= 64; options++)
        {
            var all = ulong.MaxValue >> (64 - options);
            foreach (var choices in new[] { 1UL, all, 1UL << (options - 1), 0x5555_5555_5555_5555UL & all })
            {
                foreach (var submission in new[] { 0u, 1u, 0x0102_0304u, uint.MaxValue })
                {
                    foreach (var (elapsed, credit) in Times.SelectMany(_ => Credits, (elapsed, credit) => (elapsed, credit)))
                    {
                        var ballot = new StoredBallot(choices, submission, elapsed, credit);
                        BallotCodec.Decode(BallotCodec.Encode(ballot, options), BallotCodec.ChoiceBytes(options)).ShouldBe(ballot);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_ballot_takes_the_bytes_that_are_documented()
    {
        BallotCodec.Encode(new StoredBallot(0b101, 0x0102_0304, 0), 8).ShouldBe([0b101, 1, 2, 3, 4]);
        BallotCodec.Encode(new StoredBallot(0b101, 0x0102_0304, 0x1234), 8).ShouldBe([0b101, 1, 2, 3, 4, 0x12, 0x34]);
        BallotCodec.Encode(new StoredBallot(0x1_02, 0x0102_0304, 255), 9).ShouldBe([2, 1, 1, 2, 3, 4, 255]);
        BallotCodec.Encode(new StoredBallot(1, 0x0102_0304, 0x1234, 0x5678), 8).ShouldBe([1, 1, 2, 3, 4, 0x56, 0x78, 0, 0, 0, 0x12, 0x34]);
    }

    [Fact]
    public void What_is_too_long_to_be_told_apart_is_the_longest_that_can_be()
    {
        var decoded = BallotCodec.Decode(BallotCodec.Encode(new StoredBallot(1, 0, long.MaxValue, long.MaxValue), 2), 1);
        decoded.ElapsedMs.ShouldBe(StoredBallot.MaxElapsedMs);
        decoded.CreditMs.ShouldBe(StoredBallot.MaxCreditMs);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(63, 8)]
    [InlineData(64, 8)]
    public void Eight_options_share_a_byte(int options, int bytes) => BallotCodec.ChoiceBytes(options).ShouldBe(bytes);

    [Fact]
    public void A_time_before_the_opening_is_kept_as_zero() =>
        BallotCodec.Decode(BallotCodec.Encode(new StoredBallot(1, 1, -5), 2), 1).ElapsedMs.ShouldBe(0);

    [Fact]
    public void Bytes_that_cannot_be_a_ballot_are_refused()
    {
        Should.Throw<FormatException>(() => BallotCodec.Decode([1, 2, 3, 4], 1));
        Should.Throw<FormatException>(() => BallotCodec.Decode(new byte[14], 1));
        Should.Throw<ArgumentOutOfRangeException>(() => BallotCodec.ChoiceBytes(0));
        Should.Throw<ArgumentOutOfRangeException>(() => BallotCodec.ChoiceBytes(65));
    }
}
