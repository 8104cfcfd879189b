using System.Collections.Concurrent;
using FanHub.Server.Ballots;

namespace FanHub.Tests.Contracts;

/// <summary>Sealing, and many at once.</summary>
public abstract partial class BallotBoxContract
{
    [Fact]
    public async Task A_sealed_box_takes_no_more_ballots()
    {
        await CastAsync(Changeable, 1, 0b001);
        var count = await Box.SealAsync(Poll, "athletics", 3);
        (count.Ballots, count.Sealed).ShouldBe((1, true));

        (await CastAsync(Changeable, 2, 0b010)).ShouldBe(new CastResult(CastStatus.Sealed, default));
        (await CastAsync(Changeable, 1, 0b010, submission: 2)).ShouldBe(new CastResult(CastStatus.Sealed, new StoredBallot(0b001, 1, 0)));

        var tally = await Box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe([1, 0, 0]);
        (tally.Ballots, tally.Late, tally.Sequence, tally.Sealed).ShouldBe((1, 2, 1, true));
        (await AllAsync(Poll, 3)).ShouldBe([new RecordedBallot(1, new StoredBallot(0b001, 1, 0))]);
        (await Box.FindAsync(Poll)).ShouldBe(new BoxInfo("athletics", Sealed: true));
    }

    [Fact]
    public async Task A_resend_to_a_sealed_box_is_still_repeated_and_changes_nothing()
    {
        await CastAsync(Fixed, 1, 0b001, submission: 7, elapsed: 50);
        var before = await Box.SealAsync(Poll, "athletics", 3);
        (await CastAsync(Fixed, 1, 0b001, submission: 7, elapsed: 9999)).ShouldBe(new CastResult(CastStatus.Repeated, new StoredBallot(0b001, 7, 50)));
        (await Box.TallyAsync(Poll, 3)).ShouldBeEquivalentTo(before);
    }

    [Fact]
    public async Task Sealing_again_returns_the_same_count()
    {
        await Box.RegisterAsync(Poll, "athletics");
        await CastAsync(Fixed, 1, 0b001);
        var first = await Box.SealAsync(Poll, "swimming", 3);
        var again = await Box.SealAsync(Poll, "athletics", 3);
        again.ShouldBeEquivalentTo(first);
        (await Box.FindAsync(Poll)).ShouldBe(new BoxInfo("athletics", Sealed: true));
    }

    [Fact]
    public async Task Sealing_an_unknown_interaction_registers_it()
    {
        (await Box.SealAsync(Poll, "athletics", 3)).Ballots.ShouldBe(0);
        (await Box.FindAsync(Poll)).ShouldBe(new BoxInfo("athletics", Sealed: true));
        (await CastAsync(Fixed, 1, 0b001)).Status.ShouldBe(CastStatus.Sealed);
    }

    [Fact]
    public async Task Sealing_while_ballots_come_in_keeps_exactly_the_acknowledged_ones()
    {
        var boxes = new[] { Box, await OpenAnotherAsync() };
        var acknowledged = new ConcurrentDictionary<long, StoredBallot>();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var underWay = new TaskCompletionSource();
        var casters = Enumerable.Range(0, 4).Select(caster => Task.Run(async () =>
        {
            var random = new Random(caster);
            for (var round = 0L; !stop.IsCancellationRequested; round++)
            {
                // Fans of one caster only, so that the last acknowledgement is what stands.
                var batch = Enumerable.Range(0, 20).Select(_ => Make((random.Next(200) * 4L) + caster, 1UL << random.Next(3), (uint)random.Next())).ToArray();
                var results = await boxes[caster % 2].CastAsync(Poll, Changeable, batch);
                for (var i = 0; i < batch.Length; i++)
                {
                    if (results[i].Status is CastStatus.Accepted or CastStatus.Changed)
                    {
                        acknowledged[batch[i].Fan] = results[i].Held;
                    }
                }

                if (round == 10)
                {
                    underWay.TrySetResult();
                }

                if (results.All(r => r.Status == CastStatus.Sealed))
                {
                    return;
                }
            }
        })).ToArray();

        await underWay.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var count = await boxes[1].SealAsync(Poll, "athletics", 3);
        var atOnce = await AllAsync(Poll, 3);
        await Task.WhenAll(casters);
        stop.IsCancellationRequested.ShouldBeFalse();

        count.Counts.ShouldBe(Count(atOnce.Select(b => b.Value), 3));
        count.Ballots.ShouldBe(atOnce.Count);
        var after = await AllAsync(Poll, 3);
        after.OrderBy(b => b.Fan).ShouldBe(atOnce.OrderBy(b => b.Fan));
        after.OrderBy(b => b.Fan).ShouldBe(acknowledged.OrderBy(b => b.Key).Select(b => new RecordedBallot(b.Key, b.Value)));
        var tally = await Box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe(count.Counts);
        tally.Sequence.ShouldBe(count.Sequence);
    }

    [Fact]
    public async Task One_fan_racing_through_two_nodes_counts_once()
    {
        var boxes = new[] { Box, await OpenAnotherAsync() };
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => boxes[i % 2].CastAsync(Poll, Fixed, [Make(9, 1UL << (i % 3), (uint)i)]))));
        results.Count(r => r[0].Status == CastStatus.Accepted).ShouldBe(1);
        results.Count(r => r[0].Status == CastStatus.AlreadyVoted).ShouldBe(39);
        results.Select(r => r[0].Held).Distinct().Count().ShouldBe(1);
        var tally = await Box.TallyAsync(Poll, 3);
        (tally.Ballots, tally.Counts.Sum(), tally.Refused).ShouldBe((1, 1, 39));
    }

    [Fact]
    public async Task A_count_read_while_ballots_come_in_is_of_one_moment()
    {
        var other = await OpenAnotherAsync();
        var casting = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await Box.CastAsync(Poll, Changeable, Enumerable.Range(0, 10).Select(n => Make((i * 5) + n, 1UL << ((i + n) % 3), (uint)i)).ToArray());
            }
        });

        var last = 0L;
        while (!casting.IsCompleted)
        {
            var tally = await other.TallyAsync(Poll, 3);
            tally.Counts.Sum().ShouldBe(tally.Ballots);
            tally.Sequence.ShouldBe(tally.Ballots + tally.Changed);
            tally.Sequence.ShouldBeGreaterThanOrEqualTo(last);
            last = tally.Sequence;
        }

        await casting;
    }

    [Fact]
    public async Task Fan_numbers_are_given_out_once()
    {
        var other = await OpenAnotherAsync();
        int[] sizes = [1, 7, 128, 1000, 1024];
        var blocks = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var count = sizes[i % sizes.Length];
            return (First: await (i % 2 == 0 ? Box : other).ReserveFansAsync(count), Count: count);
        })));

        blocks.ShouldAllBe(b => b.First % b.Count == 0 && b.First > 0 && b.First + b.Count <= BallotRules.MaxFan);
        ShouldNotOverlap(blocks);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Box.ReserveFansAsync(0));
    }

    private protected static void ShouldNotOverlap(IEnumerable<(long First, int Count)> blocks)
    {
        var end = 0L;
        foreach (var (first, count) in blocks.OrderBy(b => b.First))
        {
            first.ShouldBeGreaterThanOrEqualTo(end);
            end = first + count;
        }
    }
}
