using FanHub.LoadTests.Running;
using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using FanHub.Server.Leaderboards;
using StackExchange.Redis;

namespace FanHub.LoadTests.Scoring;

/// <summary>Where ballots and points are while they are scored: the server's own stores, in a Redis of this machine, or in files. Leaves nothing behind.</summary>
internal sealed class ScoringStore : IAsyncDisposable
{
    private const int DroppedAtOnce = 1000;

    private readonly Func<ValueTask> _close;

    private ScoringStore(IBallotBox box, ILeaderboard boards, RedisConnection? redis, Func<ValueTask> close)
    {
        (Box, Boards, Redis, _close) = (box, boards, redis, close);
    }

    /// <summary>The ballots.</summary>
    public IBallotBox Box { get; }

    /// <summary>The points.</summary>
    public ILeaderboard Boards { get; }

    /// <summary>The Redis that it is in; null for files.</summary>
    public RedisConnection? Redis { get; }

    /// <summary>Opens it, empty.</summary>
    public static async Task<ScoringStore> OpenAsync(ScoringLoad load)
    {
        if (load.Redis is { } address)
        {
            var redis = await RedisConnection.OpenAsync(address, $"fanhub-scoring-{Guid.NewGuid():N}");
            if (!redis.IsConnected)
            {
                await redis.DisposeAsync();
                throw new LoadTestException($"There is no Redis at {address}.");
            }

            return new ScoringStore(new RedisBallotBox(redis, TimeProvider.System), new RedisLeaderboard(redis), redis, redis.DisposeAsync);
        }

        var directory = Directory.CreateTempSubdirectory("fanhub-scoring");
        var (box, boards) = (new SqliteBallotBox(directory.FullName, TimeProvider.System), new SqliteLeaderboard(directory.FullName));
        return new ScoringStore(box, boards, redis: null, () =>
        {
            box.Dispose();
            boards.Dispose();
            directory.Delete(recursive: true);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Takes a quiz's ballots and points away.</summary>
    public async Task DropAsync(ScoringQuiz quiz, CancellationToken cancellationToken)
    {
        if (Redis is null)
        {
            // The whole directory goes.
            return;
        }

        await Boards.RemoveAsync(quiz.Board, cancellationToken);
        foreach (var round in quiz.Rounds)
        {
            var buckets = await Redis.Database.SetMembersAsync(Redis.Keys.BoxBuckets(round.Id));
            foreach (var some in buckets.Chunk(DroppedAtOnce))
            {
                await DropAsync(some.Select(bucket => Redis.Keys.BoxBucket(round.Id, (long)bucket)));
            }

            await DropAsync([Redis.Keys.Box(round.Id), Redis.Keys.BoxBuckets(round.Id)]);
        }

        Task DropAsync(IEnumerable<string> keys) => Redis.Database.ExecuteAsync("UNLINK", [.. keys.Select(k => (object)(RedisKey)k)]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _close();
}
