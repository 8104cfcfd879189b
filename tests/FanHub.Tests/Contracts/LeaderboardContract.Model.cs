using FanHub.Server.Leaderboards;

namespace FanHub.Tests.Contracts;

/// <summary>Random results and corrections against the simplest thing that could be right.</summary>
public abstract partial class LeaderboardContract
{
    [Fact]
    public async Task Random_results_end_as_in_a_dictionary()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var model = new Model();
        for (var step = 0; step < 3000; step++)
        {
            var chunk = model.RandomChunk(random);
            (await Boards.AwardAsync(Quiz, chunk)).ShouldBe(model.Award(chunk), $"seed {seed}, step {step}");

            var ranked = step % 10 == 0 ? Ranked(model.Totals) : [];
            if (step % 200 == 0)
            {
                (await AllAsync(Quiz)).ShouldBe(ranked, $"seed {seed}, step {step}");
            }

            if (ranked.Length > 0)
            {
                var one = ranked[random.Next(ranked.Length)];
                (await Boards.FindAsync(Quiz, one.Fan)).ShouldBe(new StandingRow(one.Points, one.TimeMs, one.Rank), $"seed {seed}, step {step}");
                var count = random.Next(1, 30);
                (await Boards.TopAsync(Quiz, count)).ShouldBe(ranked.Take(count), $"seed {seed}, step {step}");
                (await Boards.CountAsync(Quiz)).ShouldBe(ranked.Length, $"seed {seed}, step {step}");
            }

            if (random.Next(700) == 0)
            {
                await Boards.RemoveAsync(Quiz);
                model = new Model();
            }
        }

        (await AllAsync(Quiz)).ShouldBe(Ranked(model.Totals), $"seed {seed}");
        foreach (var source in Model.Sources)
        {
            (await Boards.AppliedAsync(Quiz, source)).OrderBy(a => a.Key).ShouldBe(model.Applied(source), $"seed {seed}");
        }
    }

    // Few fans, points and sources, so that they meet often.
    private sealed class Model
    {
        public static readonly string[] Sources = ["q1", "q2", "q1:1"];
        private static readonly long[] FirstFans = [0, 95, (1L << 40) + 9];

        private readonly Dictionary<(string Source, long Chunk), (long Version, Dictionary<long, Award> Result)> _held = [];

        public Dictionary<long, (long Points, long TimeMs)> Totals { get; } = [];

        /// <summary>A new result of a source for a chunk's fans, as the difference from what is held; sometimes a resend, or one that knows an earlier version.</summary>
        public AwardChunk RandomChunk(Random random)
        {
            var source = Sources[random.Next(Sources.Length)];
            var chunk = random.Next(FirstFans.Length);
            var (version, result) = _held.TryGetValue((source, chunk), out var held) ? held : (0, []);
            var awards = new List<Award>();
            for (var fan = FirstFans[chunk]; fan < FirstFans[chunk] + 20; fan++)
            {
                var before = result.GetValueOrDefault(fan);
                if (random.Next(3) == 0)
                {
                    awards.Add(new Award(fan, random.Next(-1, 4) - before.Points, random.Next(3) - before.TimeMs));
                }
            }

            var expected = random.Next(4) == 0 ? Math.Max(0, version + random.Next(-2, 2)) : version;
            return new AwardChunk(source, chunk, expected, expected + random.Next(1, 3), awards);
        }

        public AwardOutcome Award(AwardChunk chunk)
        {
            var (version, result) = _held.TryGetValue((chunk.Source, chunk.Chunk), out var held) ? held : (0, []);
            if (version != chunk.Expected)
            {
                return new AwardOutcome(Applied: false, version);
            }

            foreach (var award in chunk.Awards)
            {
                var before = result.GetValueOrDefault(award.Fan);
                result[award.Fan] = new Award(award.Fan, before.Points + award.Points, before.TimeMs + award.TimeMs);
                var total = Totals.GetValueOrDefault(award.Fan);
                Totals[award.Fan] = (total.Points + award.Points, total.TimeMs + award.TimeMs);
            }

            _held[(chunk.Source, chunk.Chunk)] = (chunk.Version, result);
            return new AwardOutcome(Applied: true, chunk.Version);
        }

        public IEnumerable<KeyValuePair<long, long>> Applied(string source) =>
            _held.Where(h => h.Key.Source == source).OrderBy(h => h.Key.Chunk).Select(h => KeyValuePair.Create(h.Key.Chunk, h.Value.Version));
    }
}
