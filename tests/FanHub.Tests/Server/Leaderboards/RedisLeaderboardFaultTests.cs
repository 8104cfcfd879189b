using System.Diagnostics;
using FanHub.Realtime.Redis;
using FanHub.Server.Leaderboards;
using FanHub.Testing;

namespace FanHub.Tests.Server.Leaderboards;

/// <summary>What leaderboards in Redis promise when Redis is killed, paused or full.</summary>
public sealed class RedisLeaderboardFaultTests
{
    private const string Quiz = "quiz-1";

    [Fact]
    public async Task A_killed_Redis_is_unavailable_soon_and_every_chunk_counts_once_after_its_restart()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var boards = new RedisLeaderboard(connection);

        // Chunks one after the other until Redis is gone: some have been acknowledged, the last one perhaps applied.
        var sent = 0;
        var awarding = Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    (await boards.AwardAsync(Quiz, Chunk(Volatile.Read(ref sent)))).Applied.ShouldBeTrue();
                }
                catch (LeaderboardUnavailableException)
                {
                    return;
                }

                Interlocked.Increment(ref sent);
            }
        });
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref sent) > 10), "chunks are applied");
        await server.KillAsync();
        await awarding.WaitAsync(TimeSpan.FromSeconds(8));
        await ShouldAllBeUnavailableAsync(boards);
        await server.StartAsync();

        var last = await Eventually.GetAsync(() => boards.AwardAsync(Quiz, Chunk(sent)));
        last.Version.ShouldBe(sent + 1);
        (await boards.CountAsync(Quiz)).ShouldBe(50);
        (await boards.TopAsync(Quiz, 50)).ShouldBe(Enumerable.Range(0, 50).Select(fan => new RankedFan(1, fan, sent + 1, sent + 1)));
    }

    [Fact]
    public async Task A_paused_Redis_is_unavailable_soon_and_a_chunk_sent_again_counts_once()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var boards = new RedisLeaderboard(connection);
        await boards.AwardAsync(Quiz, Chunk(0));

        await server.PauseAsync();
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => boards.AwardAsync(Quiz, Chunk(1)));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await server.ResumeAsync();

        var outcome = await Eventually.GetAsync(() => boards.AwardAsync(Quiz, Chunk(1)));
        outcome.Version.ShouldBe(2);
        (await boards.FindAsync(Quiz, 7)).ShouldBe(new StandingRow(2, 2, 1));
    }

    [Fact]
    public async Task A_full_Redis_is_unavailable_and_applies_nothing_of_the_chunk()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { Arguments = ["--maxmemory", "1kb"] });
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => new RedisLeaderboard(connection).AwardAsync(Quiz, Chunk(0)));
        (await server.CommandAsync("DBSIZE")).ShouldBe(":0");
    }

    // The same fans each time, one point more.
    private static AwardChunk Chunk(int version) => new("q1", 0, version, version + 1, [.. Enumerable.Range(0, 50).Select(fan => new Award(fan, 1, 1))]);

    private static async Task ShouldAllBeUnavailableAsync(RedisLeaderboard boards)
    {
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => boards.FindAsync(Quiz, 1));
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => boards.CountAsync(Quiz));
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => boards.TopAsync(Quiz, 1));
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => boards.AppliedAsync(Quiz, "q1"));
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => boards.NextVersionAsync(Quiz));
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => boards.RemoveAsync(Quiz));
        await Should.ThrowAsync<LeaderboardUnavailableException>(async () => await boards.ReadAllAsync(Quiz).GetAsyncEnumerator().MoveNextAsync());
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }
}
