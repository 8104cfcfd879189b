using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>Decides what each voter does. The same settings always give the same plans.</summary>
internal static class VoterPlans
{
    private const int Seed = 20260711;

    /// <summary>How long before and after the closing those vote who vote then.</summary>
    public static readonly TimeSpan AroundClosing = TimeSpan.FromMilliseconds(150);

    /// <summary>Makes the plans.</summary>
    public static IReadOnlyList<VoterPlan> Make(LoadOptions options, IReadOnlyList<string> choices)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, options.Voters).Select(_ => Next())];

        VoterPlan Next()
        {
            var atClosing = Happens(options.Late);
            var within = atClosing ? 2 * AroundClosing : TimeSpan.FromSeconds(options.Seconds);
            var choice = random.Next(choices.Count);
            var resends = Happens(options.Duplicates);
            var atOnce = random.Next(2) == 0;
            var second = choices[(choice + 1 + random.Next(choices.Count - 1)) % choices.Count];
            return new VoterPlan(within * random.NextDouble(), choices[choice])
            {
                AtClosing = atClosing,
                ResendsAtOnce = resends && atOnce,
                ResendsLater = resends && !atOnce,
                // After the closing the answer would be another one.
                SecondChoice = Happens(options.SecondVotes) && !atClosing ? second : null,
            };
        }

        bool Happens(double percent) => random.NextDouble() * 100 < percent;
    }
}
