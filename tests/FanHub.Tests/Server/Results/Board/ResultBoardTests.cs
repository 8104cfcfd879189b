using System.Text;
using FanHub.Contracts;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Desk;

namespace FanHub.Tests.Server.Results.Board;

public sealed class ResultBoardTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 31, 20, 30, 0, TimeSpan.Zero);
    private readonly ResultBoard _board = new();

    [Fact]
    public void Versions_count_from_one_and_go_on_after_a_removal()
    {
        _board.Show("result:A", Result("""{"status":"live"}""", "unit.a"), Now)!.Version.ShouldBe(1);
        var removal = _board.Show("result:A", composed: null, Now)!;
        removal.Version.ShouldBe(2);
        removal.Data.IsEmpty.ShouldBeTrue();
        removal.Appends("en").ShouldHaveSingleItem().Channel.ShouldBe("unit.a");
        _board.Show("result:A", Result("""{"status":"official"}""", "unit.a"), Now)!.Version.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"status":"live","version":2}""")]
    [InlineData("""{"version":2,"status":"live","changes":{"fields":["status"]},"corrected":true}""")]
    public void What_says_the_same_apart_from_how_it_came_about_is_no_new_version(string same)
    {
        _board.Show("result:A", Result("""{"status":"live","version":2,"changes":{"fields":[]}}""", "unit.a"), Now);

        _board.Show("result:A", Result(same, "unit.a"), Now).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"status":"live","version":3}""")]
    [InlineData("""{"status":"live"}""")]
    [InlineData("""{"status":"live","version":2,"note":"x"}""")]
    public void Anything_else_is(string other)
    {
        _board.Show("result:A", Result("""{"status":"live","version":2}""", "unit.a"), Now);

        _board.Show("result:A", Result(other, "unit.a"), Now).ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Fact]
    public void What_was_never_shown_need_not_be_taken_away() => _board.Show("result:A", composed: null, Now).ShouldBeNull();

    [Fact]
    public void A_channel_that_it_is_not_on_any_more_gets_the_removal_of_it()
    {
        _board.Show("result:A", Result("""{"status":"live"}""", "unit.a", "noc.aaa", "noc.bbb"), Now);
        var update = _board.Show("result:A", Result("""{"status":"live"}""", "unit.a", "noc.ccc"), Now)!;

        update.Appends("en").Where(a => !a.Item.Removes).Select(a => a.Channel).ShouldBe(["unit.a", "noc.ccc"]);
        update.Appends("en").Where(a => a.Item.Removes).Select(a => a.Channel).ShouldBe(["noc.aaa", "noc.bbb"]);
        update.Appends("en").ShouldAllBe(a => a.Item.Version == 2);
    }

    [Fact]
    public void A_channel_that_it_comes_back_to_is_not_left_any_more()
    {
        _board.Show("result:A", Result("""{"status":"live"}""", "noc.aaa"), Now);
        _board.Show("result:A", Result("""{"status":"live"}""", "noc.bbb"), Now);
        var update = _board.Show("result:A", Result("""{"status":"live"}""", "noc.aaa"), Now)!;

        update.LeftChannels.ShouldBe(["noc.bbb"]);
    }

    private static Composed Result(string json, params string[] channels) => new("result:A", ItemKinds.Result, DeliveryClass.Logged, Now, Encoding.UTF8.GetBytes(json), channels);
}
