using FanHub.Server.Results.Board;

namespace FanHub.Tests.Server.Results.Board;

public sealed class ConflationTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 31, 20, 30, 0, TimeSpan.Zero);
    private readonly Conflation _conflation = new(TimeSpan.FromMilliseconds(250));

    [Fact]
    public void What_was_quiet_is_due_at_once()
    {
        _conflation.Touch("result:A", Start);

        _conflation.Due(Start).ShouldBe(["result:A"]);
    }

    [Fact]
    public void What_was_just_shown_waits_for_its_interval_however_often_it_is_touched()
    {
        _conflation.Shown("result:A", Start);
        _conflation.Touch("result:A", Start.AddMilliseconds(10));
        _conflation.Touch("result:A", Start.AddMilliseconds(100));

        _conflation.Due(Start.AddMilliseconds(249)).ShouldBeEmpty();
        _conflation.Next.ShouldBe(Start.AddMilliseconds(250));
        _conflation.Due(Start.AddMilliseconds(250)).ShouldBe(["result:A"]);
    }

    [Fact]
    public void What_is_shown_before_its_time_is_not_due_any_more_and_waits_anew()
    {
        _conflation.Shown("result:A", Start);
        _conflation.Touch("result:A", Start.AddMilliseconds(10));
        _conflation.Shown("result:A", Start.AddMilliseconds(20));

        _conflation.Next.ShouldBeNull();
        _conflation.Touch("result:A", Start.AddMilliseconds(30));
        _conflation.Next.ShouldBe(Start.AddMilliseconds(270));
    }

    [Fact]
    public void One_item_does_not_hold_back_another()
    {
        _conflation.Shown("result:A", Start);
        _conflation.Touch("result:A", Start.AddMilliseconds(10));
        _conflation.Touch("result:B", Start.AddMilliseconds(10));

        _conflation.Due(Start.AddMilliseconds(10)).ShouldBe(["result:B"]);
    }

    [Fact]
    public void Sweeping_forgets_only_what_may_go_out_again()
    {
        _conflation.Shown("result:A", Start);
        _conflation.Sweep(Start.AddMilliseconds(100));
        _conflation.Touch("result:A", Start.AddMilliseconds(100));

        _conflation.Due(Start.AddMilliseconds(100)).ShouldBeEmpty();
    }
}
