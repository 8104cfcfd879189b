using System.Globalization;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Targets;

/// <summary>All repetitions with one target.</summary>
/// <param name="First">The one that came first, to a fresh server.</param>
/// <param name="Measured">Those that count.</param>
internal sealed record FanOutSummary(FanOutFigures First, IReadOnlyList<FanOutFigures> Measured)
{
    /// <summary>What had to hold: in every repetition.</summary>
    public static IEnumerable<Check> Checks(IReadOnlyList<FanOutFigures> all) =>
        all.SelectMany(f => f.Checks).GroupBy(c => c.Name, StringComparer.Ordinal).Select(g => g.FirstOrDefault(c => !c.Passed) ?? g.First() with { Detail = FormattableString.Invariant($"{g.First().Detail}, {g.Count()} times") });

    /// <summary>Targets side by side.</summary>
    public static ResultTable Table(IReadOnlyList<FanOutSummary> all)
    {
        return new(
            "Medians, side by side",
            ["", .. all.Select(s => s.First.Target)],
            [
                Row("deliveries per s", s => s.Of(f => f.PerSecond)),
                Row("us of CPU per delivery, without publishing", s => s.Of(f => f.NetMicroseconds)),
                Row("FanHub's is that many times as much", s => Ratio(all[0], s, f => f.NetMicroseconds)),
                Row("publish to arrival, p50, ms", s => s.Of(f => f.P50)),
                Row("p90, ms", s => s.Of(f => f.P90)),
                Row("p99, ms", s => s.Of(f => f.P99)),
                Row("max, ms", s => s.Of(f => f.Max)),
                Row("one update after a rest, until the last has it, ms", s => s.Of(f => f.Burst)),
                Row("the longest of them, ms", s => s.Measured.Max(f => f.LongestBurst)),
                Row("us of CPU per connection, warm", s => s.Of(f => f.ConnectMicroseconds)),
                Row("KiB of memory per connection, when connected", s => s.First.ConnectedKiB),
                Row("the same after traffic", s => s.First.TrafficKiB),
                Row("load generator's us of CPU per arrival", s => s.Of(f => f.GeneratorMicroseconds)),
            ]);

        IReadOnlyList<string> Row(string name, Func<FanOutSummary, double> of) => [name, .. all.Select(s => Number(of(s)))];
    }

    /// <summary>One target's figures.</summary>
    public IReadOnlyList<Metric> Metrics() =>
    [
        new("deliveries", Of(f => f.PerSecond), "per s"),
        new("server CPU per delivery, everything", Of(f => f.GrossMicroseconds), "us"),
        new("server CPU per delivery, without that of publishing", Of(f => f.NetMicroseconds), "us"),
        new("publish to arrival, p50", Of(f => f.P50), "ms"),
        new("publish to arrival, p90", Of(f => f.P90), "ms"),
        new("publish to arrival, p99", Of(f => f.P99), "ms"),
        new("publish to arrival, max", Of(f => f.Max), "ms"),
        new("one update after a rest, until the last has it", Of(f => f.Burst), "ms"),
        new("the longest of them", Measured.Max(f => f.LongestBurst), "ms"),
        new("connect and follow", Of(f => f.Connecting.TotalSeconds), "s"),
        new("server CPU per connection (connect, follow), warm", Of(f => f.ConnectMicroseconds), "us"),
        new("the same, of a fresh server", First.ConnectMicroseconds, "us"),
        new("server memory per connection, when connected, of a fresh server", First.ConnectedKiB, "KiB"),
        new("server memory per connection, after traffic, of a fresh server", First.TrafficKiB, "KiB"),
        new("frames that were fragments", First.Fragments, ""),
        new("frames with several records, or a part of one", First.Uneven, ""),
        new("load generator CPU per arrival", Of(f => f.GeneratorMicroseconds), "us"),
    ];

    /// <summary>How this target compares with others.</summary>
    public IEnumerable<Metric> Ratios(IEnumerable<FanOutSummary> others) => others.SelectMany(other => (Metric[])
    [
        new($"CPU per delivery, FanHub / {other.First.Target}", Ratio(this, other, f => f.NetMicroseconds), "times"),
        new($"p99, FanHub / {other.First.Target}", Ratio(this, other, f => f.P99), "times"),
    ]);

    private static double Ratio(FanOutSummary a, FanOutSummary b, Func<FanOutFigures, double> of) =>
        // Of neighbours in time, whatever else the machine did then.
        Medians.Of(a.Measured.Zip(b.Measured, (x, y) => of(x) / Math.Max(of(y), 1e-9)));

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 ? "0.0#" : "N0", CultureInfo.InvariantCulture);

    private double Of(Func<FanOutFigures, double> of) => Medians.Of(Measured.Select(of));
}
