using FanHub.Realtime.Redis;
using StackExchange.Redis;

namespace FanHub.Server.Leaderboards;

/// <summary>
/// Leaderboards in Redis, shared by all nodes. Redis holds totals, in pages (<see cref="BoardPage"/>), and sees to it that each chunk of points is noted once; ranks are found by
/// the nodes, each from a copy of its own (<see cref="RedisBoardCopy"/>), which asks Redis before every answer what has changed.
/// </summary>
/// <remarks>
/// A sorted set would do all of this by itself, and take Redis 4 to 10 µs for every fan of every question: with a million fans, seconds in which nobody else is served well. A page
/// of 1,024 fans takes some 20 µs, and thousands of fans who ask for their rank cost Redis one question for each node.
/// </remarks>
internal sealed class RedisLeaderboard(RedisConnection redis) : ILeaderboard
{
    // Who changes the same page at the same time makes others begin again; one of them always gets through.
    private static readonly TimeSpan AwardLimit = TimeSpan.FromSeconds(5);

    private static readonly RedisScript AwardScript = RedisScript.Embedded("award.lua");
    private static readonly RedisScript ForgetScript = RedisScript.Embedded("forget-board.lua");

    private readonly RedisBoardCopies _copies = new(redis);

    private RedisKeys Keys => redis.Keys;

    private IDatabase Database => redis.Database;

    /// <inheritdoc/>
    public async Task<AwardOutcome> AwardAsync(string board, AwardChunk chunk, CancellationToken cancellationToken = default)
    {
        var pages = AwardChanges.Of(chunk).OrderBy(change => change.Fan).GroupBy(change => BoardPage.Of(change.Fan)).Select(page => (Number: page.Key, Changes: page.ToArray())).ToArray();
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < AwardLimit)
        {
            // First the pages, then the version: where that is the expected one, the pages cannot hold the chunk's changes yet.
            var (held, version) = await CallAsync(
                async () =>
                {
                    var reading = pages.Length == 0
                        ? Task.FromResult(Array.Empty<RedisValue>())
                        : Database.HashGetAsync(Keys.BoardPages(board), Array.ConvertAll(pages, page => (RedisValue)page.Number), CommandFlags.DemandMaster);
                    var applied = Database.HashGetAsync(Keys.BoardApplied(board, chunk.Source), chunk.Chunk, CommandFlags.DemandMaster);
                    await Task.WhenAll(reading, applied);
                    return (await reading, (long)await applied);
                },
                cancellationToken);
            if (version != chunk.Expected)
            {
                return new AwardOutcome(Applied: false, version);
            }

            var arguments = new List<RedisValue>(4 + (3 * pages.Length)) { chunk.Source, chunk.Chunk, chunk.Expected, chunk.Version };
            for (var i = 0; i < pages.Length; i++)
            {
                var page = (byte[]?)held[i];
                if (BoardPage.Apply(page, pages[i].Changes) is { } written)
                {
                    arguments.AddRange([pages[i].Number, BoardPage.TagOf(page), written]);
                }
            }

            var reply = (RedisResult[])await GuardAsync(
                () => AwardScript.RunAsync(
                    Database,
                    [Keys.BoardHead(board), Keys.BoardPages(board), Keys.BoardChanges(board), Keys.BoardApplied(board, chunk.Source), Keys.BoardSources(board)],
                    [.. arguments],
                    cancellationToken),
                cancellationToken);
            if ((int)reply[0] is 0 or 1)
            {
                return new AwardOutcome((int)reply[0] == 1, (long)reply[1]);
            }
        }

        throw new LeaderboardUnavailableException($"Others change the leaderboard '{board}' all the time.");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<long, long>> AppliedAsync(string board, string source, CancellationToken cancellationToken = default)
    {
        var fields = await CallAsync(() => Database.HashGetAllAsync(Keys.BoardApplied(board, source), CommandFlags.DemandMaster), cancellationToken);
        return fields.ToDictionary(f => (long)f.Name, f => (long)f.Value);
    }

    /// <inheritdoc/>
    public async Task<StandingRow?> FindAsync(string board, long fan, CancellationToken cancellationToken = default) =>
        await (await ReadAsync(board, cancellationToken)).FindAsync(fan).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<long> CountAsync(string board, CancellationToken cancellationToken = default) => (await ReadAsync(board, cancellationToken)).Count;

    /// <inheritdoc/>
    public Task<IReadOnlyList<RankedFan>> TopAsync(string board, int count, CancellationToken cancellationToken = default) =>
        LeaderboardPages.TopAsync(count, async most => (await ReadAsync(board, cancellationToken)).Top(most));

    /// <inheritdoc/>
    public IAsyncEnumerable<RankedFan> ReadAllAsync(string board, CancellationToken cancellationToken = default)
    {
        BoardEntry[]? ranking = null;
        return LeaderboardPages.AllAsync(
            async (from, _) =>
            {
                // All of it of one moment: that of the first page.
                ranking ??= (await ReadAsync(board, cancellationToken)).Ranking();
                return ranking[(int)Math.Min(from, ranking.Length)..(int)Math.Min(from + LeaderboardPages.Size, ranking.Length)];
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> NextVersionAsync(string board, CancellationToken cancellationToken = default) =>
        CallAsync(() => Database.StringIncrementAsync(Keys.BoardVersion(board)), cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(string board, CancellationToken cancellationToken = default)
    {
        var removed = false;
        while (!removed)
        {
            var sources = await CallAsync(() => Database.SetMembersAsync(Keys.BoardSources(board), CommandFlags.DemandMaster), cancellationToken);
            RedisKey[] keys =
            [
                Keys.BoardSources(board), Keys.BoardHead(board), Keys.BoardPages(board), Keys.BoardChanges(board), Keys.BoardVersion(board),
                .. sources.Select(source => (RedisKey)Keys.BoardApplied(board, source!)),
            ];
            removed = (long)await GuardAsync(() => ForgetScript.RunAsync(Database, keys, sources, cancellationToken), cancellationToken) == 1;
        }
    }

    // Others wait for the same reading: who gives up does not end it.
    private Task<BoardSnapshot> ReadAsync(string board, CancellationToken cancellationToken) =>
        GuardAsync(() => _copies.Of(board).ReadAsync().WaitAsync(cancellationToken), cancellationToken);

    private static Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        GuardAsync(() => RedisConnection.WithinLimit(call(), cancellationToken), cancellationToken);

    // Also what the library throws before it has a task to return.
    private static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call();
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new LeaderboardUnavailableException("Redis cannot be reached, or did not answer in time.", e);
        }
    }
}
