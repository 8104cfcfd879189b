namespace FanHub.LoadTests.Measuring;

/// <summary>The middle of repetitions: one that something else disturbed does not move it.</summary>
internal static class Medians
{
    /// <summary>The middle one, or the mean of the middle two; 0 where there are none.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
