using System.Diagnostics;
using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using FanHub.Testing;

namespace FanHub.Tests.Server.Ballots;

/// <summary>What a ballot box in Redis promises when Redis is killed, paused or emptied.</summary>
public sealed class RedisBallotBoxFaultTests
{
    private const string Poll = "poll-1";
    private static readonly BallotRules Rules = new(3, Changeable: false);

    [Fact]
    public async Task Acknowledged_ballots_survive_a_killed_and_restarted_Redis()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var box = new RedisBallotBox(connection, TimeProvider.System);
        await box.RegisterAsync(Poll, "athletics");

        // Batches one after the other until Redis is gone: some have been acknowledged, the last one perhaps recorded.
        var acknowledged = new List<Ballot>();
        var casting = Task.Run(async () =>
        {
            for (var round = 0; ; round++)
            {
                var batch = Enumerable.Range(0, 50).Select(i => new Ballot((round * 50) + i, new StoredBallot(1UL << (i % 3), 1, i))).ToArray();
                try
                {
                    (await box.CastAsync(Poll, Rules, batch)).ShouldAllBe(r => r.Status == CastStatus.Accepted);
                }
                catch (BallotBoxUnavailableException)
                {
                    return batch;
                }

                acknowledged.AddRange(batch);
            }
        });
        await UntilAsync(async () => (await box.TallyAsync(Poll, 3)).Ballots > 500);
        await server.KillAsync();
        var unknown = await casting.WaitAsync(TimeSpan.FromSeconds(10));
        await server.StartAsync();

        IReadOnlyList<CastResult> resent = [];
        await UntilAsync(async () =>
        {
            resent = await box.CastAsync(Poll, Rules, unknown);
            return true;
        });
        // A batch is there as a whole or not at all.
        resent.Select(r => r.Status).Distinct().ShouldHaveSingleItem().ShouldBeOneOf(CastStatus.Accepted, CastStatus.Repeated);

        var count = await box.SealAsync(Poll, "athletics", 3);
        var expected = acknowledged.Concat(unknown).OrderBy(b => b.Fan).Select(b => new RecordedBallot(b.Fan, b.Value)).ToArray();
        var all = new List<RecordedBallot>();
        await foreach (var ballot in box.ReadAllAsync(Poll, 3))
        {
            all.Add(ballot);
        }

        all.OrderBy(b => b.Fan).ShouldBe(expected);
        count.Ballots.ShouldBe(expected.Length);
        count.Counts.Sum().ShouldBe(expected.Length);
    }

    [Fact]
    public async Task A_paused_Redis_is_unavailable_soon_and_a_resend_counts_once()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var box = new RedisBallotBox(connection, TimeProvider.System);
        Ballot[] batch = [new(1, new StoredBallot(0b1, 1, 0)), new(2, new StoredBallot(0b10, 1, 0))];
        await box.RegisterAsync(Poll, "athletics");

        await server.PauseAsync();
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<BallotBoxUnavailableException>(() => box.CastAsync(Poll, Rules, batch));
        await Should.ThrowAsync<BallotBoxUnavailableException>(() => box.TallyAsync(Poll, 3));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        await server.ResumeAsync();

        IReadOnlyList<CastResult> resent = [];
        await UntilAsync(async () =>
        {
            resent = await box.CastAsync(Poll, Rules, batch);
            return true;
        });
        resent.ShouldAllBe(r => r.Status == CastStatus.Repeated || r.Status == CastStatus.Accepted);
        var tally = await box.TallyAsync(Poll, 3);
        tally.Counts.ShouldBe([1, 1, 0]);
        tally.Ballots.ShouldBe(2);
    }

    [Fact]
    public async Task A_Redis_that_was_never_there_is_unavailable_soon()
    {
        await using var connection = await RedisConnection.OpenAsync($"127.0.0.1:{FreePort.Find()}", "t");
        var box = new RedisBallotBox(connection, TimeProvider.System);
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<BallotBoxUnavailableException>(() => box.CastAsync(Poll, Rules, [new Ballot(1, new StoredBallot(1, 1, 0))]));
        await Should.ThrowAsync<BallotBoxUnavailableException>(() => box.FindAsync(Poll));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_not_unavailable()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var box = new RedisBallotBox(connection, TimeProvider.System);
        await box.RegisterAsync(Poll, "athletics");
        await server.PauseAsync();
        using var cancellation = new CancellationTokenSource();
        var casting = box.CastAsync(Poll, Rules, [new Ballot(1, new StoredBallot(1, 1, 0))], cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => casting);
    }

    [Fact]
    public async Task A_full_Redis_is_unavailable_and_records_nothing_of_the_batch()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { Arguments = ["--maxmemory", "1kb"] });
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var box = new RedisBallotBox(connection, TimeProvider.System);
        await Should.ThrowAsync<BallotBoxUnavailableException>(() => box.CastAsync(Poll, Rules, [new Ballot(1, new StoredBallot(1, 1, 0)), new Ballot(1000, new StoredBallot(1, 1, 0))]));
        (await server.CommandAsync("DBSIZE")).ShouldBe(":0");
    }

    [Fact]
    public async Task Fan_numbers_are_not_given_out_again_after_Redis_lost_its_memory()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var box = new RedisBallotBox(connection, TimeProvider.System);
        var taken = new List<long>();
        for (var loss = 0; loss < 4; loss++)
        {
            // Fast enough to run ahead of the clock.
            taken.AddRange(await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => box.ReserveFansAsync(10_000))));
            await server.CommandAsync("FLUSHALL");
        }

        taken.Select(first => first / 10_000).ShouldBeUnique();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (BallotBoxUnavailableException) when (!limit.IsCancellationRequested)
            {
                // Not yet back.
            }

            await Task.Delay(20, limit.Token);
        }
    }
}
