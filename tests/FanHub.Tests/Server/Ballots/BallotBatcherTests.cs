using System.ComponentModel.DataAnnotations;
using FanHub.Server.Ballots;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Server.Ballots;

public sealed class BallotBatcherTests : IDisposable
{
    private const string Poll = "poll-1";
    private static readonly BallotRules Rules = new(3, Changeable: false);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("fanhub-batcher-").FullName;
    private readonly SqliteBallotBox _sqlite;
    private readonly GatedBallotBox _box;

    public BallotBatcherTests()
    {
        _sqlite = new SqliteBallotBox(_folder, TimeProvider.System);
        _box = new GatedBallotBox(_sqlite);
    }

    public void Dispose()
    {
        _sqlite.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_first_ballot_goes_at_once_and_later_ones_share_the_next_batch()
    {
        var batcher = Create(new BallotBatcherOptions { MaxInFlight = 1, Gather = TimeSpan.Zero });
        var first = Cast(batcher, 0);
        await BatchesAsync(1);
        var others = Enumerable.Range(1, 100).Select(fan => Cast(batcher, fan)).ToArray();

        _box.Release(2);

        (await first.WaitAsync(Limit)).Status.ShouldBe(CastStatus.Accepted);
        (await Task.WhenAll(others).WaitAsync(Limit)).ShouldAllBe(r => r.Status == CastStatus.Accepted);
        _box.Batches.ShouldBe([1, 100]);
        (await _sqlite.TallyAsync(Poll, 3)).Ballots.ShouldBe(101);
    }

    [Fact]
    public async Task No_batch_is_larger_and_no_more_are_under_way_than_set()
    {
        var batcher = Create(new BallotBatcherOptions { MaxBatch = 10, MaxInFlight = 2, Gather = TimeSpan.Zero });
        var casts = new List<Task<CastResult>> { Cast(batcher, 0) };
        await BatchesAsync(1);
        casts.Add(Cast(batcher, 1));
        await BatchesAsync(2);
        casts.AddRange(Enumerable.Range(2, 25).Select(fan => Cast(batcher, fan)));
        _box.Batches.Count.ShouldBe(2);

        _box.Release(5);

        await Task.WhenAll(casts).WaitAsync(Limit);
        _box.Batches.Order().ShouldBe([1, 1, 5, 10, 10]);
    }

    [Fact]
    public async Task What_comes_soon_after_a_batch_waits_for_company()
    {
        var batcher = Create(new BallotBatcherOptions { Gather = TimeSpan.FromMilliseconds(500) });
        _box.IsClosed = false;
        await Cast(batcher, 0).WaitAsync(Limit);
        var others = Enumerable.Range(1, 50).Select(fan => Cast(batcher, fan)).ToArray();
        (await Task.WhenAll(others).WaitAsync(Limit)).ShouldAllBe(r => r.Status == CastStatus.Accepted);
        _box.Batches.ShouldBe([1, 50]);
    }

    [Fact]
    public async Task A_full_batch_does_not_wait_for_more()
    {
        var batcher = Create(new BallotBatcherOptions { Gather = TimeSpan.FromMinutes(1), MaxBatch = 10 });
        _box.IsClosed = false;
        await Cast(batcher, 0).WaitAsync(Limit);
        await Task.WhenAll(Enumerable.Range(1, 30).Select(fan => Cast(batcher, fan))).WaitAsync(Limit);
        _box.Batches.ShouldBe([1, 10, 10, 10]);
    }

    [Fact]
    public async Task Interactions_do_not_wait_for_one_another()
    {
        var batcher = Create(new BallotBatcherOptions { MaxInFlight = 1, Gather = TimeSpan.Zero });
        var held = Cast(batcher, 1);
        await BatchesAsync(1);
        _box.IsClosed = false;
        (await batcher.CastAsync("poll-2", Rules, Make(1), CancellationToken.None).WaitAsync(Limit)).Status.ShouldBe(CastStatus.Accepted);
        held.IsCompleted.ShouldBeFalse();
        _box.Release();
        await held.WaitAsync(Limit);
    }

    [Fact]
    public async Task Too_many_waiting_for_one_interaction_are_refused_with_a_hint_and_are_not_recorded()
    {
        var batcher = Create(new BallotBatcherOptions { MaxInFlight = 1, Gather = TimeSpan.Zero, MaxWaitingPerInteraction = 5 });
        var casts = new List<Task<CastResult>> { Cast(batcher, 0) };
        await BatchesAsync(1);
        casts.AddRange(Enumerable.Range(1, 5).Select(fan => Cast(batcher, fan)));

        var refusal = await Should.ThrowAsync<BallotBoxOverloadedException>(() => Cast(batcher, 6));
        refusal.RetryAfter.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

        _box.Release(2);
        await Task.WhenAll(casts).WaitAsync(Limit);
        (await _sqlite.FindBallotAsync(Poll, 3, 6)).ShouldBeNull();
        _box.IsClosed = false;
        (await Cast(batcher, 6).WaitAsync(Limit)).Status.ShouldBe(CastStatus.Accepted);
    }

    [Fact]
    public async Task Too_many_altogether_are_refused()
    {
        var batcher = Create(new BallotBatcherOptions { MaxPending = 3 });
        var casts = Enumerable.Range(0, 3).Select(i => batcher.CastAsync($"poll-{i}", Rules, Make(1), CancellationToken.None)).ToArray();
        await Should.ThrowAsync<BallotBoxOverloadedException>(() => batcher.CastAsync("poll-9", Rules, Make(1), CancellationToken.None));
        _box.Release(3);
        await Task.WhenAll(casts).WaitAsync(Limit);
        await UntilAsync(() => batcher.Pending == 0);
    }

    [Fact]
    public async Task A_failed_batch_fails_its_ballots_and_no_others()
    {
        var batcher = Create(new BallotBatcherOptions { MaxInFlight = 1, Gather = TimeSpan.Zero });
        _box.FailsBefore = new InvalidOperationException("a mistake of ours");
        var first = Cast(batcher, 0);
        await BatchesAsync(1);
        var second = Cast(batcher, 1);
        _box.Release();
        var failure = await Should.ThrowAsync<BallotBoxUnavailableException>(() => first.WaitAsync(Limit));
        failure.InnerException.ShouldBe(_box.FailsBefore);

        _box.FailsBefore = null;
        _box.IsClosed = false;
        _box.Release();
        // The second may have been taken before the failure was lifted; the third cannot.
        await Task.WhenAny(second).WaitAsync(Limit);
        (await Cast(batcher, 2).WaitAsync(Limit)).Status.ShouldBe(CastStatus.Accepted);
    }

    [Fact]
    public async Task A_resend_after_an_unknown_outcome_counts_once()
    {
        var batcher = Create(new BallotBatcherOptions());
        _box.IsClosed = false;
        _box.FailsAfter = new BallotBoxUnavailableException("The answer was lost.");
        await Should.ThrowAsync<BallotBoxUnavailableException>(() => Cast(batcher, 1).WaitAsync(Limit));
        _box.FailsAfter = null;
        (await Cast(batcher, 1).WaitAsync(Limit)).Status.ShouldBe(CastStatus.Repeated);
        (await _sqlite.TallyAsync(Poll, 3)).Ballots.ShouldBe(1);
    }

    [Fact]
    public async Task Who_goes_away_is_not_left_out_of_a_batch_and_harms_nobody()
    {
        var batcher = Create(new BallotBatcherOptions { MaxInFlight = 1, Gather = TimeSpan.Zero });
        var first = Cast(batcher, 0);
        await BatchesAsync(1);
        using var cancellation = new CancellationTokenSource();
        var gone = batcher.CastAsync(Poll, Rules, Make(1), cancellation.Token);
        var patient = Cast(batcher, 2);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => batcher.CastAsync(Poll, Rules, Make(3), cancellation.Token));

        _box.Release(2);

        (await first.WaitAsync(Limit)).Status.ShouldBe(CastStatus.Accepted);
        (await gone.WaitAsync(Limit)).Status.ShouldBe(CastStatus.Accepted);
        (await patient.WaitAsync(Limit)).Status.ShouldBe(CastStatus.Accepted);
        await UntilAsync(() => batcher.Pending == 0);
        (await _sqlite.FindBallotAsync(Poll, 3, 3)).ShouldBeNull();
    }

    [Fact]
    public async Task A_ballot_that_cannot_be_spoils_no_batch()
    {
        var batcher = Create(new BallotBatcherOptions());
        await Should.ThrowAsync<ArgumentException>(() => batcher.CastAsync(Poll, Rules, new Ballot(1, new StoredBallot(0b1000, 1, 0)), CancellationToken.None));
        batcher.Pending.ShouldBe(0);
    }

    [Fact]
    public async Task Ballots_under_other_rules_go_in_another_batch()
    {
        var batcher = Create(new BallotBatcherOptions { MaxInFlight = 1, Gather = TimeSpan.Zero });
        var first = Cast(batcher, 0);
        await BatchesAsync(1);
        var casts = new[] { Cast(batcher, 1), batcher.CastAsync(Poll, Rules with { Changeable = true }, Make(0, 0b10), CancellationToken.None), Cast(batcher, 2) };
        _box.Release(4);
        await first.WaitAsync(Limit);
        (await Task.WhenAll(casts).WaitAsync(Limit)).Select(r => r.Status).ShouldBe([CastStatus.Accepted, CastStatus.Changed, CastStatus.Accepted]);
        _box.Batches.ShouldBe([1, 1, 1, 1]);
    }

    [Fact]
    public async Task Nothing_is_kept_of_interactions_that_are_idle()
    {
        var batcher = Create(new BallotBatcherOptions());
        _box.IsClosed = false;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => batcher.CastAsync($"poll-{i % 50}", Rules, Make(i), CancellationToken.None))).WaitAsync(Limit);
        await UntilAsync(() => batcher is { Pending: 0, BusyInteractions: 0 });
    }

    [Fact]
    public async Task Every_ballot_of_a_burst_with_duplicates_is_answered_and_counted_once()
    {
        var batcher = Create(new BallotBatcherOptions());
        _box.IsClosed = false;
        var results = await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => Enumerable.Range(0, 2000)).AsParallel().Select(fan => Cast(batcher, fan))).WaitAsync(Limit);
        results.Count(r => r.Status == CastStatus.Accepted).ShouldBe(2000);
        results.Count(r => r.Status == CastStatus.Repeated).ShouldBe(6000);
        (await _sqlite.TallyAsync(Poll, 3)).Ballots.ShouldBe(2000);
        await UntilAsync(() => batcher is { Pending: 0, BusyInteractions: 0 });
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(BallotRules.MaxBatch + 1, 2)]
    [InlineData(512, 0)]
    public void Options_that_make_no_sense_are_refused(int maxBatch, int maxInFlight)
    {
        var options = new BallotBatcherOptions { MaxBatch = maxBatch, MaxInFlight = maxInFlight };
        Should.Throw<ValidationException>(() => Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true));
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        var options = new BallotBatcherOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
    }

    private static Ballot Make(long fan, ulong choices = 1) => new(fan, new StoredBallot(choices, 1, 0));

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!holds())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private static Task<CastResult> Cast(BallotBatcher batcher, long fan) => batcher.CastAsync(Poll, Rules, Make(fan), CancellationToken.None);

    private BallotBatcher Create(BallotBatcherOptions options) => new(_box, Options.Create(options), TimeProvider.System, NullLogger<BallotBatcher>.Instance);

    private Task BatchesAsync(int count) => UntilAsync(() => _box.Batches.Count >= count);
}
