using FanHub.LoadTests.Measuring;

namespace FanHub.LoadTests.Publishing;

/// <summary>What publishing costs where nobody follows, so that it can be told from what delivering costs.</summary>
internal static class QuietPublishing
{
    private const int Samples = 4;
    private const int Sample = 25;
    private const double LeastRate = 20;

    /// <summary>Measures it: the least of some samples, for a server may still be compiling.</summary>
    /// <returns>CPU time of the processes for one update.</returns>
    public static async Task<TimeSpan> MeasureAsync(IUpdatePublisher publisher, IReadOnlyList<int> pids, double rate, CancellationToken cancellationToken)
    {
        using var cost = Cost.Of(pids);
        var log = await publisher.OpenAsync("quiet", Samples * Sample, cancellationToken);
        var least = TimeSpan.MaxValue;
        for (var i = 0; i < Samples; i++)
        {
            var cpu = cost.Cpu;
            await Rate.RunAsync(Sample, Math.Max(rate, LeastRate), _ => publisher.PublishAsync(log, cancellationToken), cancellationToken);
            var spent = (cost.Cpu - cpu) / Sample;
            least = spent < least ? spent : least;
        }

        return least;
    }
}
