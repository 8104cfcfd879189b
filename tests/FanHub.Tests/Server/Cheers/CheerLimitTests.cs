using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Cheers;

public sealed class CheerLimitTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Taps_beyond_the_burst_are_cut_off_and_come_back_at_the_rate()
    {
        var limits = new FanLimits(Options.Create(new LimitOptions { CheersPerSecond = 20, CheerBurst = 40 }), _time);
        limits.TakeCheers(1, 25).ShouldBe(25);
        limits.TakeCheers(1, 25).ShouldBe(15);
        limits.TakeCheers(1, 1).ShouldBe(0);
        limits.TakeCheers(2, 50).ShouldBe(40, "another fan has another limit");

        _time.Advance(TimeSpan.FromMilliseconds(50));
        limits.TakeCheers(1, 50).ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        limits.TakeCheers(1, 50).ShouldBe(20);
        _time.Advance(TimeSpan.FromHours(1));
        limits.TakeCheers(1, 50).ShouldBe(40);
    }

    [Fact]
    public void However_taps_are_gathered_a_fan_has_as_many()
    {
        foreach (var gathered in (int[])[1, 3, 10, 50])
        {
            var limits = new FanLimits(Options.Create(new LimitOptions { CheersPerSecond = 20, CheerBurst = 40 }), _time);
            var counted = 0;
            for (var ms = 0; ms <= 10_000; ms += 10)
            {
                counted += limits.TakeCheers(1, gathered);
                _time.Advance(TimeSpan.FromMilliseconds(10));
            }

            counted.ShouldBe(40 + 200, $"{gathered} at a time");
        }
    }

    [Fact]
    public void Cheering_takes_nothing_from_other_limits_and_may_be_unlimited()
    {
        var limits = new FanLimits(Options.Create(new LimitOptions { CallBurst = 1, BallotBurst = 1, CallsPerSecond = 0.1, BallotsPerSecond = 0.01 }), _time);
        limits.TakeCheers(1, 50);
        limits.TakeCall(1);
        limits.TakeBallot(1);
        new FanLimits(Options.Create(new LimitOptions { Enabled = false }), _time).TakeCheers(1, 50).ShouldBe(50);
    }
}
