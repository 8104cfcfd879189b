using System.Text;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Targets;

namespace FanHub.Tests.LoadTests;

public sealed class PeerChecksTests
{
    private readonly NumberedTexts _heard = new(members: 1);

    [Fact]
    public void Texts_in_turn_all_count()
    {
        Hear(0, 1, 2);

        _heard.InTurn.ShouldBe(3);
    }

    [Theory]
    [InlineData(0, 2, 3)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 0, 0)]
    public void A_hole_a_wrong_order_or_a_double_is_one_less(params int[] numbers)
    {
        Hear(numbers);

        _heard.InTurn.ShouldBeLessThan(3);
    }

    [Fact]
    public void A_text_without_a_number_is_nobodys() => _heard.Take(0, "something else"u8).ShouldBeNull();

    [Fact]
    public void Texts_have_the_length_that_is_asked_for() => NumberedTexts.Make(7, 300).Length.ShouldBe(300);

    [Theory]
    [InlineData("xrange", 12)]
    [InlineData("xadd", 3)]
    [InlineData("get", 0)]
    public void Redis_tells_how_often_it_did_what(string command, long times) =>
        RedisCommands.Read("# Commandstats\r\ncmdstat_xrange:calls=12,usec=5,usec_per_call=0.4\r\ncmdstat_xadd:calls=3,usec=9\r\n", command).ShouldBe(times);

    [Fact]
    public void A_median_is_the_middle_or_the_mean_of_the_middle_two()
    {
        Medians.Of([9, 1, 2]).ShouldBe(2);
        Medians.Of([4, 1, 2, 9]).ShouldBe(3);
        Medians.Of([]).ShouldBe(0);
    }

    private void Hear(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            _heard.Take(0, Encoding.UTF8.GetBytes(NumberedTexts.Make(number, 100)));
        }
    }
}
