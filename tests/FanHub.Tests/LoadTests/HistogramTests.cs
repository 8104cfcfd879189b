using FanHub.LoadTests.Measuring;

namespace FanHub.Tests.LoadTests;

public sealed class HistogramTests
{
    [Fact]
    public void Percentiles_are_within_one_per_cent_of_those_of_the_sorted_times()
    {
        var random = new Random(1);
        var times = Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromMicroseconds((long)Math.Exp(random.NextDouble() * 17))).ToList();
        var histogram = new Histogram();
        times.ForEach(histogram.Add);
        times.Sort();

        histogram.Count.ShouldBe(times.Count);
        histogram.MaxMs.ShouldBe(times[^1].TotalMilliseconds);
        foreach (var percent in (double[])[1, 50, 90, 99, 99.9, 100])
        {
            var exact = times[(int)Math.Ceiling(times.Count * percent / 100) - 1].TotalMilliseconds;
            histogram.PercentileMs(percent).ShouldBeInRange(exact, exact * 1.01);
        }
    }

    [Fact]
    public void Nothing_measured_is_nothing() => new Histogram().PercentileMs(99).ShouldBe(0);
}
