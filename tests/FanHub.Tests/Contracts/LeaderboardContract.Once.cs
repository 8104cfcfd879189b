using FanHub.Server.Leaderboards;

namespace FanHub.Tests.Contracts;

/// <summary>Each chunk of points takes effect once, or not at all.</summary>
public abstract partial class LeaderboardContract
{
    [Fact]
    public async Task A_repeated_chunk_counts_once_and_is_told_the_version_that_is_there()
    {
        var chunk = new AwardChunk("q1", 3, 0, 1, [new Award(1, 100, 10)]);
        (await Boards.AwardAsync(Quiz, chunk)).ShouldBe(new AwardOutcome(Applied: true, 1));
        (await Boards.AwardAsync(Quiz, chunk)).ShouldBe(new AwardOutcome(Applied: false, 1));
        (await Boards.AwardAsync(Quiz, chunk with { Awards = [new Award(2, 1, 1)] })).ShouldBe(new AwardOutcome(Applied: false, 1));

        (await AllAsync(Quiz)).ShouldBe([new RankedFan(1, 1, 100, 10)]);
    }

    [Fact]
    public async Task A_chunk_that_expects_another_version_changes_nothing()
    {
        (await Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 1, 2, [new Award(1, 100, 10)]))).ShouldBe(new AwardOutcome(Applied: false, 0));
        (await Boards.CountAsync(Quiz)).ShouldBe(0);
        (await Boards.AppliedAsync(Quiz, "q1")).ShouldBeEmpty();

        await Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 0, 7, [new Award(1, 100, 10)]));
        (await Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 6, 8, [new Award(1, 100, 10)]))).ShouldBe(new AwardOutcome(Applied: false, 7));
        (await Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 7, 8, [new Award(1, 100, 10)]))).ShouldBe(new AwardOutcome(Applied: true, 8));
        (await Boards.FindAsync(Quiz, 1)).ShouldBe(new StandingRow(200, 20, 1));
    }

    [Fact]
    public async Task The_versions_of_each_chunk_of_a_source_are_told()
    {
        await Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 0, 1, [new Award(1, 1, 1)]));
        await Boards.AwardAsync(Quiz, new AwardChunk("q1", 12, 0, 1, [new Award(2, 1, 1)]));
        await Boards.AwardAsync(Quiz, new AwardChunk("q1", 12, 1, 2, []));
        await Boards.AwardAsync(Quiz, new AwardChunk("q2", 5, 0, 4, [new Award(1, 1, 1)]));

        (await Boards.AppliedAsync(Quiz, "q1")).ShouldBe(new Dictionary<long, long> { [0] = 1, [12] = 2 }, ignoreOrder: true);
        (await Boards.AppliedAsync(Quiz, "q2")).ShouldBe(new Dictionary<long, long> { [5] = 4 });
        (await Boards.AppliedAsync(Quiz, "q3")).ShouldBeEmpty();
        (await Boards.CountAsync(Quiz)).ShouldBe(2);
    }

    [Fact]
    public async Task A_chunk_is_applied_by_one_of_many_who_send_it_at_the_same_time()
    {
        var other = await OpenAnotherAsync();
        for (var version = 1; version <= 20; version++)
        {
            var chunk = new AwardChunk("q1", 0, version - 1, version, [.. Enumerable.Range(0, 100).Select(fan => new Award(fan, 1, 2))]);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? Boards : other).AwardAsync(Quiz, chunk))));
            outcomes.Count(o => o.Applied).ShouldBe(1);
            outcomes.ShouldAllBe(o => o.Version == version);
            (await AllAsync(Quiz)).ShouldBe(Enumerable.Range(0, 100).Select(fan => new RankedFan(1, fan, version, 2 * version)));
        }
    }

    [Fact]
    public async Task A_corrected_result_ends_as_if_the_right_one_had_come_first()
    {
        var wrong = Enumerable.Range(0, 200).Select(fan => new Award(fan, fan % 2 == 0 ? 100 : 0, fan % 2 == 0 ? fan : 0)).ToArray();
        var right = Enumerable.Range(0, 200).Select(fan => new Award(fan, fan % 3 == 0 ? 100 : 0, fan % 3 == 0 ? 2 * fan : 0)).ToArray();
        var before = Enumerable.Range(0, 150).Select(fan => new Award(fan, fan % 7, fan % 5)).ToArray();
        var difference = wrong.Zip(right, (w, r) => new Award(r.Fan, r.Points - w.Points, r.TimeMs - w.TimeMs)).ToArray();

        await AwardAsync("q0", before);
        await AwardAsync("q1", wrong);
        var correction = new AwardChunk("q1", 0, 1, 2, difference);
        (await Boards.AwardAsync(Quiz, correction)).Applied.ShouldBeTrue();
        (await Boards.AwardAsync(Quiz, correction)).ShouldBe(new AwardOutcome(Applied: false, 2));

        await Boards.AwardAsync("at once", new AwardChunk("q0", 0, 0, 1, before));
        await Boards.AwardAsync("at once", new AwardChunk("q1", 0, 0, 1, right));
        (await AllAsync(Quiz)).ShouldBe(await AllAsync("at once"));
    }

    [Fact]
    public async Task The_largest_chunk_is_taken()
    {
        var awards = Enumerable.Range(0, AwardChunk.MaxAwards).Select(i => new Award(i * 1000L, i, i)).ToArray();
        await AwardAsync("q1", awards);
        await AwardAsync("q2", awards);
        (await Boards.CountAsync(Quiz)).ShouldBe(awards.Length);
        (await AllAsync(Quiz)).ShouldBe(awards.Reverse().Select((a, i) => new RankedFan(i + 1, a.Fan, 2 * a.Points, 2 * a.TimeMs)));
    }

    [Fact]
    public async Task A_chunk_that_cannot_be_is_refused_as_a_whole()
    {
        var good = new Award(1, 1, 1);
        Award[] impossible =
        [
            new(-1, 1, 1), new(1L << 53, 1, 1),
            new(2, BoardScore.MaxPoints + 1, 0), new(2, -BoardScore.MaxPoints - 1, 0),
            new(2, 0, BoardScore.MaxTimeMs + 1), new(2, 0, -BoardScore.MaxTimeMs - 1),
            new(1, BoardScore.MaxPoints, 0), new(1, 0, BoardScore.MaxTimeMs), new(2, long.MinValue, long.MinValue),
        ];
        foreach (var bad in impossible)
        {
            await Should.ThrowAsync<ArgumentException>(() => Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 0, 1, [good, bad])));
        }

        AwardChunk[] chunks =
        [
            new("", 0, 0, 1, [good]), new("q1", -1, 0, 1, [good]), new("q1", 0, -1, 1, [good]), new("q1", 0, 1, 1, [good]), new("q1", 0, 2, 1, [good]),
            new("q1", 0, 0, 1, Enumerable.Range(0, AwardChunk.MaxAwards + 1).Select(i => new Award(i, 1, 1)).ToArray()),
        ];
        foreach (var bad in chunks)
        {
            await Should.ThrowAsync<ArgumentException>(() => Boards.AwardAsync(Quiz, bad));
        }

        (await Boards.CountAsync(Quiz)).ShouldBe(0);
        (await Boards.AppliedAsync(Quiz, "q1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_highest_and_the_lowest_totals_are_exact()
    {
        Award[] awards =
        [
            new(1, BoardScore.MaxPoints, BoardScore.MaxTimeMs), new(2, BoardScore.MaxPoints, BoardScore.MaxTimeMs - 1), new(3, BoardScore.MaxPoints, 0),
            new(4, BoardScore.MaxPoints - 1, BoardScore.MaxTimeMs), new(5, 0, 1), new(6, 0, 0),
            new(7, -1, BoardScore.MaxTimeMs), new(8, -1, 0), new(9, -BoardScore.MaxPoints, 1), new(10, -BoardScore.MaxPoints, 0),
        ];
        await AwardAsync("q1", awards);
        (await Boards.TopAsync(Quiz, 20)).ShouldBe(awards.Select((a, i) => new RankedFan(i + 1, a.Fan, a.Points, a.TimeMs)));
        for (var i = 0; i < awards.Length; i++)
        {
            (await Boards.FindAsync(Quiz, awards[i].Fan)).ShouldBe(new StandingRow(awards[i].Points, awards[i].TimeMs, i + 1));
        }
    }

    [Theory]
    [InlineData(BoardScore.MaxPoints, 5, 1, 0)]
    [InlineData(-BoardScore.MaxPoints, 5, -1, 0)]
    [InlineData(5, BoardScore.MaxTimeMs, 0, 1)]
    [InlineData(5, 3, 0, -4)]
    [InlineData(0, 0, 1, -1)]
    public async Task A_total_that_would_leave_its_limits_is_refused_with_the_whole_chunk(long points, long timeMs, long morePoints, long moreTime)
    {
        await AwardAsync("q1", new Award(1, points, timeMs));
        var chunk = new AwardChunk("q2", 0, 0, 1, [new Award(2, 9, 9), new Award(1, morePoints, moreTime), new Award(3, 9, 9)]);
        (await Should.ThrowAsync<ArgumentException>(() => Boards.AwardAsync(Quiz, chunk))).Message.ShouldContain("fan 1 ");

        (await AllAsync(Quiz)).ShouldBe([new RankedFan(1, 1, points, timeMs)]);
        (await Boards.CountAsync(Quiz)).ShouldBe(1);
        (await Boards.AppliedAsync(Quiz, "q2")).ShouldBeEmpty();
    }
}
