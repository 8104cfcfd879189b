namespace FanHub.LoadTests.Feeds;

/// <summary>A version of a unit's result.</summary>
/// <param name="Unit">The unit's number.</param>
/// <param name="Version">Its version.</param>
/// <param name="Status">Its status.</param>
/// <param name="Due">When it is to be sent, in seconds from the start.</param>
internal readonly record struct FeedStep(int Unit, int Version, string Status, double Due);

/// <summary>
/// Who sends what, and when: all units run at the same time, a third of them with two versions a second, a third with three, a third with four (by the standard number of units), each at moments
/// of its own, so that the rate is steady. Every unit begins with a start list, then it is live with a break now and then, and ends official.
/// </summary>
internal static class FeedPlan
{
    /// <summary>The version of the start list. The others follow.</summary>
    public const int StartList = 1;

    private const int Break = 25;

    // Multiples of the golden ratio are spread evenly whatever their number.
    private const double Spread = 0.6180339887498949;

    /// <summary>Everything after the start lists, in the order in which it is due.</summary>
    public static IReadOnlyList<FeedStep> Make(int units, double rate, double seconds)
    {
        var scale = rate / Enumerable.Range(0, units).Sum(Weight);
        var steps = new List<FeedStep>((int)(rate * seconds) + units);
        for (var unit = 0; unit < units; unit++)
        {
            var pace = Weight(unit) * scale;
            var versions = Math.Max(2, (int)Math.Round(seconds * pace));
            var phase = unit * Spread % 1;
            for (var n = 0; n < versions; n++)
            {
                var version = StartList + 1 + n;
                steps.Add(new FeedStep(unit, version, n == versions - 1 ? FeedStatus.Official : version % Break == 0 ? FeedStatus.Intermediate : FeedStatus.Live, (n + phase) / pace));
            }
        }

        steps.Sort((a, b) => a.Due.CompareTo(b.Due));
        return steps;
    }

    private static double Weight(int unit) => 2 + (unit % 3);
}
