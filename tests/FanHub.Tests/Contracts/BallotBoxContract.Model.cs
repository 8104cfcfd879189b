using FanHub.Server.Ballots;

namespace FanHub.Tests.Contracts;

/// <summary>Random ballots against the simplest thing that could be right.</summary>
public abstract partial class BallotBoxContract
{
    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(20, true)]
    public async Task Random_ballots_end_as_in_a_dictionary(int options, bool changeable)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var rules = new BallotRules(options, changeable);
        var model = new Model(rules);
        var cast = 0;
        while (cast < 5000)
        {
            if (cast > 4500 && !model.IsSealed)
            {
                model.IsSealed = true;
                await Box.SealAsync(Poll, "athletics", options);
            }

            var batch = Enumerable.Range(0, random.Next(1, 60)).Select(_ => RandomBallot(random, options)).ToArray();
            cast += batch.Length;
            var expected = batch.Select(model.Cast).ToArray();
            (await Box.CastAsync(Poll, rules, batch)).ShouldBe(expected, $"seed {seed}");
        }

        var tally = await Box.TallyAsync(Poll, options);
        tally.Counts.ShouldBe(Count(model.Ballots.Values, options), $"seed {seed}");
        (tally.Ballots, tally.Changed, tally.Repeated, tally.Refused, tally.Late, tally.Sequence)
            .ShouldBe((model.Ballots.Count, model.Changed, model.Repeated, model.Refused, model.Late, model.Ballots.Count + model.Changed), $"seed {seed}");
        (await AllAsync(Poll, options)).OrderBy(b => b.Fan).ShouldBe(model.Ballots.OrderBy(b => b.Key).Select(b => new RecordedBallot(b.Key, b.Value)), $"seed {seed}");
    }

    // Few fans, submissions and choices, so that they meet often.
    private static Ballot RandomBallot(Random random, int options)
    {
        var fan = random.Next(4) == 0 ? random.NextInt64(1L << 50, (1L << 50) + 300) : random.Next(600);
        var choices = 1UL << random.Next(Math.Min(options, 3));
        if (random.Next(5) == 0)
        {
            choices |= 1UL << random.Next(options);
        }

        return Make(fan, choices, random.Next(3) == 0 ? uint.MaxValue : (uint)random.Next(3), random.NextInt64(1L << random.Next(40)));
    }

    private sealed class Model(BallotRules rules)
    {
        public Dictionary<long, StoredBallot> Ballots { get; } = [];

        public bool IsSealed { get; set; }

        public long Changed { get; private set; }

        public long Repeated { get; private set; }

        public long Refused { get; private set; }

        public long Late { get; private set; }

        public CastResult Cast(Ballot ballot)
        {
            var has = Ballots.TryGetValue(ballot.Fan, out var held);
            if (has && held.Submission == ballot.Value.Submission && held.Choices == ballot.Value.Choices)
            {
                Repeated += IsSealed ? 0 : 1;
                return new CastResult(CastStatus.Repeated, held);
            }

            if (IsSealed)
            {
                Late++;
                return new CastResult(CastStatus.Sealed, held);
            }

            if (has && !rules.Changeable)
            {
                Refused++;
                return new CastResult(CastStatus.AlreadyVoted, held);
            }

            Changed += has ? 1 : 0;
            Ballots[ballot.Fan] = ballot.Value;
            return new CastResult(has ? CastStatus.Changed : CastStatus.Accepted, ballot.Value);
        }
    }
}
