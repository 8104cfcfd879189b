using FanHub.Server.Ballots;

namespace FanHub.Tests.Contracts;

/// <summary>What every ballot box promises. Derived for each implementation.</summary>
public abstract partial class BallotBoxContract : IAsyncLifetime
{
    private const string Poll = "poll-1";
    private static readonly BallotRules Fixed = new(3, Changeable: false);
    private static readonly BallotRules Changeable = new(3, Changeable: true);

    private protected IBallotBox Box { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Box = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_unknown_interaction_is_not_found_and_counts_nothing()
    {
        (await Box.FindAsync("nobody")).ShouldBeNull();
        var tally = await Box.TallyAsync("nobody", 3);
        tally.Counts.ShouldBe([0, 0, 0]);
        tally.Sequence.ShouldBe(0);
        tally.Sealed.ShouldBeFalse();
        (await Box.FindBallotAsync("nobody", 3, 1)).ShouldBeNull();
        (await AllAsync("nobody", 3)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Registering_again_changes_nothing()
    {
        await Box.RegisterAsync(Poll, "athletics");
        await Box.RegisterAsync(Poll, "swimming");
        (await Box.FindAsync(Poll)).ShouldBe(new BoxInfo("athletics", Sealed: false));
    }

    [Fact]
    public async Task A_box_that_was_never_registered_takes_ballots_all_the_same()
    {
        (await CastAsync(Fixed, 1, 0b1)).Status.ShouldBe(CastStatus.Accepted);
        (await Box.FindAsync(Poll)).ShouldBeNull();

        await Box.RegisterAsync(Poll, "athletics");

        (await Box.FindAsync(Poll)).ShouldBe(new BoxInfo("athletics", Sealed: false));
        (await Box.TallyAsync(Poll, 3)).Ballots.ShouldBe(1);
    }

    [Fact]
    public async Task The_first_ballot_is_accepted_counted_and_found()
    {
        var ballot = new StoredBallot(0b010, 77, 1234);
        var results = await Box.CastAsync(Poll, Fixed, [new Ballot(5, ballot)]);
        results.ShouldBe([new CastResult(CastStatus.Accepted, ballot)]);
        (await Box.FindBallotAsync(Poll, 3, 5)).ShouldBe(ballot);
        (await Box.FindBallotAsync(Poll, 3, 6)).ShouldBeNull();
        var tally = await Box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe([0, 1, 0]);
        tally.Ballots.ShouldBe(1);
        tally.Sequence.ShouldBe(1);
    }

    [Fact]
    public async Task A_resend_is_repeated_and_gets_what_was_recorded_first()
    {
        await CastAsync(Fixed, 5, 0b010, submission: 9, elapsed: 100);
        var again = await CastAsync(Fixed, 5, 0b010, submission: 9, elapsed: 900);
        again.ShouldBe(new CastResult(CastStatus.Repeated, new StoredBallot(0b010, 9, 100)));
        var tally = await Box.TallyAsync(Poll, 3);
        (tally.Ballots, tally.Repeated, tally.Sequence).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task A_second_ballot_is_refused_where_it_may_not_be_changed()
    {
        await CastAsync(Fixed, 5, 0b010, submission: 9);
        var second = await CastAsync(Fixed, 5, 0b001, submission: 10);
        second.ShouldBe(new CastResult(CastStatus.AlreadyVoted, new StoredBallot(0b010, 9, 0)));
        var tally = await Box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe([0, 1, 0]);
        (tally.Ballots, tally.Refused, tally.Sequence).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task The_same_submission_with_other_choices_is_not_a_resend()
    {
        await CastAsync(Fixed, 5, 0b010, submission: 9);
        (await CastAsync(Fixed, 5, 0b001, submission: 9)).Status.ShouldBe(CastStatus.AlreadyVoted);

        await CastAsync(Changeable, 6, 0b010, submission: 9);
        (await CastAsync(Changeable, 6, 0b001, submission: 9)).Status.ShouldBe(CastStatus.Changed);
    }

    [Fact]
    public async Task A_change_moves_the_count_and_replaces_the_ballot_with_its_time()
    {
        await CastAsync(Changeable, 5, 0b010, submission: 9, elapsed: 100);
        var changed = await CastAsync(Changeable, 5, 0b101, submission: 10, elapsed: 70000);
        changed.ShouldBe(new CastResult(CastStatus.Changed, new StoredBallot(0b101, 10, 70000)));
        (await Box.FindBallotAsync(Poll, 3, 5)).ShouldBe(new StoredBallot(0b101, 10, 70000));
        var tally = await Box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe([1, 0, 1]);
        (tally.Ballots, tally.Changed, tally.Sequence).ShouldBe((1, 1, 2));
    }

    [Fact]
    public async Task Ballots_of_one_fan_in_one_batch_count_in_their_order()
    {
        var results = await Box.CastAsync(
            Poll,
            Changeable,
            [Make(1, 0b001, 1), Make(1, 0b001, 1), Make(2, 0b010, 1), Make(1, 0b100, 2), Make(1, 0b100, 2), Make(1, 0b001, 1)]);
        results.Select(r => r.Status).ShouldBe(
            [CastStatus.Accepted, CastStatus.Repeated, CastStatus.Accepted, CastStatus.Changed, CastStatus.Repeated, CastStatus.Changed]);
        var tally = await Box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe([1, 1, 0]);
        (tally.Ballots, tally.Changed, tally.Repeated, tally.Sequence).ShouldBe((2, 2, 2, 4));
    }

    [Fact]
    public async Task A_ballot_that_names_several_options_is_one_ballot()
    {
        await CastAsync(Fixed, 1, 0b111);
        await CastAsync(Fixed, 2, 0b011);
        var tally = await Box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe([2, 2, 1]);
        tally.Ballots.ShouldBe(2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task Each_of_up_to_64_options_is_counted_by_itself(int options)
    {
        var rules = new BallotRules(options, Changeable: true);
        // Option i gets i + 1 ballots; then one fan moves from the last to all.
        var batch = Enumerable.Range(0, options).SelectMany(option => Enumerable.Range(0, option + 1).Select(n => Make((option * 100) + n, 1UL << option, 1))).ToArray();
        await Box.CastAsync(Poll, rules, batch);
        var all = ulong.MaxValue >> (64 - options);
        await Box.CastAsync(Poll, rules, [Make((options - 1) * 100, all, 2)]);

        var tally = await Box.TallyAsync(Poll, options);
        tally.Counts.ShouldBe(Enumerable.Range(1, options).Select(n => n == options ? (long)n : n + 1));
        (await AllAsync(Poll, options)).Count.ShouldBe(batch.Length);
        (await Box.FindBallotAsync(Poll, options, (options - 1) * 100)).ShouldBe(new StoredBallot(all, 2, 0));
    }

    [Fact]
    public async Task Fans_at_the_borders_of_number_ranges_are_kept_apart()
    {
        long[] fans = [0, 1, 126, 127, 128, 129, 255, 256, 12_345, (1L << 32) - 1, 1L << 32, (1L << 40) + 127, BallotRules.MaxFan - 1, BallotRules.MaxFan];
        var batch = fans.Select((fan, i) => Make(fan, 1UL << (i % 3), (uint)i, i)).ToArray();
        (await Box.CastAsync(Poll, Fixed, batch)).ShouldAllBe(r => r.Status == CastStatus.Accepted);

        var all = await AllAsync(Poll, 3);
        all.OrderBy(b => b.Fan).ShouldBe(batch.Select(b => new RecordedBallot(b.Fan, b.Value)));
        foreach (var ballot in batch)
        {
            (await Box.FindBallotAsync(Poll, 3, ballot.Fan)).ShouldBe(ballot.Value);
        }
    }

    [Fact]
    public async Task Interactions_do_not_see_one_another()
    {
        await CastAsync(Fixed, 1, 0b001);
        await Box.SealAsync(Poll, "athletics", 3);
        (await Box.CastAsync("poll-2", Fixed, [Make(1, 0b010, 1)]))[0].Status.ShouldBe(CastStatus.Accepted);
        (await Box.TallyAsync("poll-2", 3)).Counts.ShouldBe([0, 1, 0]);
        (await AllAsync("poll-2", 3)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_with_a_ballot_that_cannot_be_is_refused_as_a_whole()
    {
        var good = Make(1, 0b001, 1);
        foreach (var bad in new[] { Make(2, 0, 1), Make(2, 0b1000, 1), Make(-1, 0b1, 1), Make(1L << 53, 0b1, 1) })
        {
            await Should.ThrowAsync<ArgumentException>(() => Box.CastAsync(Poll, Fixed, [good, bad]));
        }

        await Should.ThrowAsync<ArgumentException>(() => Box.CastAsync(Poll, Fixed, Enumerable.Repeat(good, BallotRules.MaxBatch + 1).ToArray()));
        (await Box.TallyAsync(Poll, 3)).Ballots.ShouldBe(0);
        (await Box.CastAsync(Poll, Fixed, [])).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_largest_batch_is_taken()
    {
        var batch = Enumerable.Range(0, BallotRules.MaxBatch).Select(i => Make(i * 1000L, 1UL << (i % 3), 1)).ToArray();
        (await Box.CastAsync(Poll, Fixed, batch)).ShouldAllBe(r => r.Status == CastStatus.Accepted);
        (await Box.TallyAsync(Poll, 3)).Ballots.ShouldBe(batch.Length);
    }

    [Fact]
    public async Task Ballots_refused_elsewhere_are_added_to_the_record()
    {
        await Box.AddRefusedAsync(Poll, late: 3, refused: 4);
        await Box.AddRefusedAsync(Poll, late: 1, refused: 0);
        var tally = await Box.TallyAsync(Poll, 3);
        (tally.Late, tally.Refused, tally.Ballots, tally.Sequence).ShouldBe((4, 4, 0, 0));
    }

    [Fact]
    public async Task Only_the_first_to_ask_within_the_period_publishes_the_count()
    {
        var other = await OpenAnotherAsync();
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Box : other).ClaimTallyAsync(Poll, TimeSpan.FromMinutes(1)))));
        claims.Count(c => c).ShouldBe(1);
        (await Box.ClaimTallyAsync("poll-2", TimeSpan.FromMilliseconds(50))).ShouldBeTrue();
        await UntilAsync(() => other.ClaimTallyAsync("poll-2", TimeSpan.FromMilliseconds(50)));
    }

    private protected static Ballot Make(long fan, ulong choices, uint submission, long elapsed = 0) => new(fan, new StoredBallot(choices, submission, elapsed));

    [Fact]
    public async Task All_ballots_are_told_by_blocks_of_neighbours_the_lowest_first()
    {
        var fans = Enumerable.Range(0, 3000).Select(i => i * 7919L % 2_000_003).Append(1L << 45).ToArray();
        await Box.CastAsync(Poll, new BallotRules(3, Changeable: false), [.. fans.Select(fan => Make(fan, 1, 1, 0))]);
        await Box.SealAsync(Poll, "c", 3);

        var all = await AllAsync(Poll, 3);
        all.Select(b => b.Fan / 128).ShouldBeInOrder();
        all.Select(b => b.Fan).ShouldBe(fans, ignoreOrder: true);
    }

    /// <summary>Opens a box with nothing in it.</summary>
    private protected abstract Task<IBallotBox> OpenAsync();

    /// <summary>The same store, as another node sees it; where only one can be, the same box.</summary>
    private protected abstract Task<IBallotBox> OpenAnotherAsync();

    /// <summary>Closes all that were opened.</summary>
    private protected abstract Task CloseAsync();

    private protected static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await holds())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private protected async Task<List<RecordedBallot>> AllAsync(string interaction, int options)
    {
        var all = new List<RecordedBallot>();
        await foreach (var ballot in Box.ReadAllAsync(interaction, options))
        {
            all.Add(ballot);
        }

        return all;
    }

    private protected async Task<CastResult> CastAsync(BallotRules rules, long fan, ulong choices, uint submission = 1, long elapsed = 0) =>
        (await Box.CastAsync(Poll, rules, [Make(fan, choices, submission, elapsed)]))[0];

    private protected static long[] Count(IEnumerable<StoredBallot> ballots, int options)
    {
        var counts = new long[options];
        foreach (var ballot in ballots)
        {
            for (var i = 0; i < options; i++)
            {
                counts[i] += (long)((ballot.Choices >> i) & 1);
            }
        }

        return counts;
    }
}
