using FanHub.Server.Leaderboards;

namespace FanHub.Tests.Contracts;

/// <summary>What every store of leaderboards promises. Derived for each implementation.</summary>
public abstract partial class LeaderboardContract : IAsyncLifetime
{
    private const string Quiz = "quiz-1";

    private protected ILeaderboard Boards { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Boards = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_unknown_board_has_nobody()
    {
        (await Boards.FindAsync("nobody", 1)).ShouldBeNull();
        (await Boards.CountAsync("nobody")).ShouldBe(0);
        (await Boards.TopAsync("nobody", 10)).ShouldBeEmpty();
        (await Boards.AppliedAsync("nobody", "q1")).ShouldBeEmpty();
        (await AllAsync("nobody")).ShouldBeEmpty();
        await Boards.RemoveAsync("nobody");
    }

    [Fact]
    public async Task Points_and_time_of_all_sources_add_up()
    {
        await AwardAsync("q1", new Award(7, 1000, 400), new Award(8, 600, 100));
        await AwardAsync("q2", new Award(7, 500, 50), new Award(9, 2000, 0));

        (await Boards.FindAsync(Quiz, 7)).ShouldBe(new StandingRow(1500, 450, 2));
        (await Boards.FindAsync(Quiz, 8)).ShouldBe(new StandingRow(600, 100, 3));
        (await Boards.FindAsync(Quiz, 9)).ShouldBe(new StandingRow(2000, 0, 1));
        (await Boards.FindAsync(Quiz, 10)).ShouldBeNull();
        (await Boards.CountAsync(Quiz)).ShouldBe(3);
        (await Boards.TopAsync(Quiz, 2)).ShouldBe([new RankedFan(1, 9, 2000, 0), new RankedFan(2, 7, 1500, 450)]);
    }

    [Fact]
    public async Task Who_has_more_points_is_first_whatever_the_time()
    {
        await AwardAsync("q1", new Award(1, 10, BoardScore.MaxTimeMs), new Award(2, 11, 0));
        (await Boards.TopAsync(Quiz, 2)).Select(r => (r.Rank, r.Fan)).ShouldBe([(1, 2), (2, 1)]);
    }

    [Fact]
    public async Task With_equal_points_who_saved_more_time_is_first()
    {
        await AwardAsync("q1", new Award(1, 10, 5), new Award(2, 10, 6), new Award(3, 10, 4));
        (await Boards.TopAsync(Quiz, 3)).Select(r => (r.Rank, r.Fan)).ShouldBe([(1, 2), (2, 1), (3, 3)]);
        (await Boards.FindAsync(Quiz, 1))!.Rank.ShouldBe(2);
    }

    [Fact]
    public async Task Who_is_equal_shares_the_rank_and_the_next_one_is_left_out()
    {
        await AwardAsync("q1", new Award(4, 30, 1), new Award(3, 20, 1), new Award(2, 20, 1), new Award(1, 10, 1));
        (await Boards.TopAsync(Quiz, 10)).ShouldBe(
            [new RankedFan(1, 4, 30, 1), new RankedFan(2, 2, 20, 1), new RankedFan(2, 3, 20, 1), new RankedFan(4, 1, 10, 1)]);
        foreach (var (fan, rank) in new[] { (4, 1), (2, 2), (3, 2), (1, 4) })
        {
            (await Boards.FindAsync(Quiz, fan))!.Rank.ShouldBe(rank);
        }
    }

    [Fact]
    public async Task Of_a_tie_that_is_cut_the_lowest_numbers_are_told_whatever_their_length()
    {
        long[] fans = [0, 2, 9, 10, 11, 99, 100, 12_345, 1L << 40, (1L << 53) - 1];
        await AwardAsync("q1", [new Award(50, 2, 0), .. fans.Reverse().Select(fan => new Award(fan, 1, 1))]);

        for (var count = 1; count <= fans.Length + 1; count++)
        {
            (await Boards.TopAsync(Quiz, count)).ShouldBe([new RankedFan(1, 50, 2, 0), .. fans.Take(count - 1).Select(fan => new RankedFan(2, fan, 1, 1))]);
        }
    }

    [Fact]
    public async Task Who_has_won_nothing_takes_part_all_the_same()
    {
        await AwardAsync("q1", new Award(1, 0, 0), new Award(2, 5, 0));
        (await Boards.FindAsync(Quiz, 1)).ShouldBe(new StandingRow(0, 0, 2));
        (await Boards.CountAsync(Quiz)).ShouldBe(2);
        (await AllAsync(Quiz)).ShouldBe([new RankedFan(1, 2, 5, 0), new RankedFan(2, 1, 0, 0)]);
    }

    [Fact]
    public async Task Changes_of_one_fan_in_a_chunk_add_up()
    {
        await AwardAsync("q1", new Award(1, 5, 10), new Award(2, 1, 0), new Award(1, -2, -3));
        (await Boards.FindAsync(Quiz, 1)).ShouldBe(new StandingRow(3, 7, 1));
        (await Boards.CountAsync(Quiz)).ShouldBe(2);
    }

    [Fact]
    public async Task Everybody_is_told_in_order_over_several_pages()
    {
        // Ties that cross the borders of pages, one of them longer than a page; points come in several chunks.
        var fans = Enumerable.Range(0, (2 * LeaderboardPages.Size) + 1500).Select(i => new Award(i * 977L % 1_000_003, i < 3000 ? i % 40 : 100, i % 3)).ToArray();
        var chunk = 0;
        foreach (var awards in fans.Chunk(AwardChunk.MaxAwards))
        {
            (await Boards.AwardAsync(Quiz, new AwardChunk("q1", chunk++, 0, 1, awards))).Applied.ShouldBeTrue();
        }

        var expected = Ranked(fans.ToDictionary(a => a.Fan, a => (a.Points, a.TimeMs)));
        (await AllAsync(Quiz)).ShouldBe(expected);
        (await Boards.TopAsync(Quiz, LeaderboardPages.Size)).ShouldBe(expected.Take(LeaderboardPages.Size));
        (await Boards.CountAsync(Quiz)).ShouldBe(fans.Length);
        var last = expected[^1];
        (await Boards.FindAsync(Quiz, last.Fan)).ShouldBe(new StandingRow(last.Points, last.TimeMs, last.Rank));
    }

    [Fact]
    public async Task A_page_that_fills_exactly_is_followed_by_the_end()
    {
        var fans = Enumerable.Range(0, LeaderboardPages.Size).Select(i => new Award(i, i, 0)).ToArray();
        await Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 0, 1, fans[..2500]));
        await Boards.AwardAsync(Quiz, new AwardChunk("q1", 1, 0, 1, fans[2500..]));
        (await AllAsync(Quiz)).Length.ShouldBe(LeaderboardPages.Size);
    }

    [Fact]
    public async Task A_top_of_none_is_empty_and_one_that_is_too_long_is_refused()
    {
        await AwardAsync("q1", new Award(1, 1, 0));
        (await Boards.TopAsync(Quiz, 0)).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Boards.TopAsync(Quiz, -1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Boards.TopAsync(Quiz, LeaderboardPages.Size + 1));
    }

    [Fact]
    public async Task Versions_of_publication_are_given_out_once()
    {
        var other = await OpenAnotherAsync();
        (await Boards.NextVersionAsync(Quiz)).ShouldBe(1);
        (await other.NextVersionAsync(Quiz)).ShouldBe(2);
        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Boards : other).NextVersionAsync(Quiz))));
        versions.Order().ShouldBe(Enumerable.Range(3, 20).Select(v => (long)v));
        (await Boards.NextVersionAsync("quiz-2")).ShouldBe(1);

        await AwardAsync("q1", new Award(1, 1, 0));
        (await Boards.NextVersionAsync(Quiz)).ShouldBe(23);
    }

    [Fact]
    public async Task Boards_do_not_see_one_another()
    {
        await AwardAsync("q1", new Award(1, 1, 1));
        (await Boards.AwardAsync("quiz-2", new AwardChunk("q1", 0, 0, 1, [new Award(1, 5, 5)]))).ShouldBe(new AwardOutcome(Applied: true, 1));
        (await Boards.FindAsync(Quiz, 1)).ShouldBe(new StandingRow(1, 1, 1));
        (await Boards.FindAsync("quiz-2", 1)).ShouldBe(new StandingRow(5, 5, 1));
    }

    [Fact]
    public async Task A_removed_board_is_forgotten_with_its_versions_and_no_other()
    {
        foreach (var source in new[] { "q1", "q2" })
        {
            await AwardAsync(source, new Award(1, 5, 5), new Award(2, 1, 1));
        }

        await Boards.NextVersionAsync(Quiz);
        await Boards.AwardAsync("quiz-2", new AwardChunk("q1", 0, 0, 1, [new Award(1, 7, 7)]));

        await Boards.RemoveAsync(Quiz);
        await Boards.RemoveAsync(Quiz);

        (await Boards.CountAsync(Quiz)).ShouldBe(0);
        (await Boards.FindAsync(Quiz, 1)).ShouldBeNull();
        (await AllAsync(Quiz)).ShouldBeEmpty();
        (await Boards.AppliedAsync(Quiz, "q1")).ShouldBeEmpty();
        (await Boards.AppliedAsync(Quiz, "q2")).ShouldBeEmpty();
        (await Boards.FindAsync("quiz-2", 1)).ShouldBe(new StandingRow(7, 7, 1));

        await AwardAsync("q1", new Award(2, 3, 3));
        (await AllAsync(Quiz)).ShouldBe([new RankedFan(1, 2, 3, 3)]);
        (await Boards.CountAsync(Quiz)).ShouldBe(1);
        (await Boards.NextVersionAsync(Quiz)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_gives_up_gets_a_cancellation()
    {
        var given = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(() => Boards.AwardAsync(Quiz, new AwardChunk("q1", 0, 0, 1, [new Award(1, 1, 1)]), given));
        await Should.ThrowAsync<OperationCanceledException>(() => Boards.FindAsync(Quiz, 1, given));
        await Should.ThrowAsync<OperationCanceledException>(() => Boards.TopAsync(Quiz, 1, given));
        (await Boards.CountAsync(Quiz)).ShouldBe(0);
    }

    /// <summary>Opens a store with nothing in it.</summary>
    private protected abstract Task<ILeaderboard> OpenAsync();

    /// <summary>The same store, as another node sees it; where only one can be, the same store.</summary>
    private protected abstract Task<ILeaderboard> OpenAnotherAsync();

    /// <summary>Closes all that were opened.</summary>
    private protected abstract Task CloseAsync();

    private protected async Task AwardAsync(string source, params Award[] awards) =>
        (await Boards.AwardAsync(Quiz, new AwardChunk(source, 0, 0, 1, awards))).ShouldBe(new AwardOutcome(Applied: true, 1));

    private protected async Task<RankedFan[]> AllAsync(string board)
    {
        var all = new List<RankedFan>();
        await foreach (var fan in Boards.ReadAllAsync(board))
        {
            all.Add(fan);
        }

        return all.ToArray();
    }

    private static RankedFan[] Ranked(IReadOnlyDictionary<long, (long Points, long TimeMs)> totals)
    {
        var order = totals.OrderByDescending(t => t.Value.Points).ThenByDescending(t => t.Value.TimeMs).ThenBy(t => t.Key).ToArray();
        var ranked = new RankedFan[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var rank = i > 0 && order[i].Value == order[i - 1].Value ? ranked[i - 1].Rank : i + 1;
            ranked[i] = new RankedFan(rank, order[i].Key, order[i].Value.Points, order[i].Value.TimeMs);
        }

        return ranked;
    }
}
