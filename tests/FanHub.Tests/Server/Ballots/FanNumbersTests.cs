using FanHub.Server.Ballots;

namespace FanHub.Tests.Server.Ballots;

public sealed class FanNumbersTests
{
    private const long Now = 50_000_000_000_000;
    private const long Lead = 1_000_000;

    [Fact]
    public void A_block_starts_where_the_clock_stands() => FanNumbers.Take(5, Now + 1, 128).ShouldBe(new FanBlock(Now + 128, Now + 256, TimeSpan.Zero));

    [Fact]
    public void A_block_starts_at_what_is_remembered_where_that_is_ahead_of_the_clock() =>
        FanNumbers.Take(Now + 128, Now, 128).ShouldBe(new FanBlock(Now + 128, Now + 256, TimeSpan.Zero));

    [Fact]
    public void Nobody_gets_further_ahead_of_the_clock_than_the_lead()
    {
        var refused = FanNumbers.Take(Now + Lead, Now, 1000);
        refused.ShouldBe(new FanBlock(null, Now + Lead, TimeSpan.FromMicroseconds(1000)));
        FanNumbers.Take(refused.Next, Now + 1000, 1000).First.ShouldBe(Now + Lead);
    }

    [Fact]
    public void A_store_that_remembers_nothing_skips_all_that_can_have_been_given_out()
    {
        var first = FanNumbers.Take(null, Now, 1000);
        first.First.ShouldBeNull();
        first.Next.ShouldBe(Now + Lead);
    }

    [Fact]
    public void The_largest_block_can_be_had()
    {
        var next = FanNumbers.Take(null, Now, FanNumbers.MaxBlock);
        FanNumbers.Take(next.Next, Now + (long)next.Wait.TotalMicroseconds, FanNumbers.MaxBlock).First.ShouldNotBeNull();
    }

    [Fact]
    public void Numbers_fit_into_what_a_script_can_count_to() =>
        FanNumbers.At(new DateTimeOffset(2300, 1, 1, 0, 0, 0, TimeSpan.Zero)).ShouldBeLessThan(BallotRules.MaxFan);
}
