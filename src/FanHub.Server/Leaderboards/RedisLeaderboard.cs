using System.Buffers.Binary;
using System.Globalization;
using FanHub.Realtime.Redis;
using StackExchange.Redis;

namespace FanHub.Server.Leaderboards;

/// <summary>Leaderboards in Redis, shared by all nodes. Every change is one script, so that nothing comes between; reads go to the primary, so that nothing older is seen.</summary>
/// <remarks>
/// A board is a sorted set. Members are fan numbers in 16 digits, so that Redis, which orders equal scores by their members' bytes, orders them by number; scores are
/// <see cref="BoardScore.SortKey"/>, so that ascending is the order of the board as it stands, at the border of a page too.
/// </remarks>
internal sealed class RedisLeaderboard(RedisConnection redis) : ILeaderboard
{
    private const int MemberBytes = 16;
    private const int ChangeBytes = MemberBytes + 4 + 4;

    private static readonly RedisScript AwardScript = RedisScript.Embedded("award.lua");
    private static readonly RedisScript StandingScript = RedisScript.Embedded("standing.lua");
    private static readonly RedisScript ForgetScript = RedisScript.Embedded("forget-board.lua");

    private RedisKeys Keys => redis.Keys;

    private IDatabase Database => redis.Database;

    /// <inheritdoc/>
    public async Task<AwardOutcome> AwardAsync(string board, AwardChunk chunk, CancellationToken cancellationToken = default)
    {
        var changes = Pack(AwardChanges.Of(chunk));
        var parts = (RedisResult[])await RunAsync(
            AwardScript,
            [Keys.BoardRanking(board), Keys.BoardApplied(board, chunk.Source), Keys.BoardSources(board)],
            [chunk.Source, chunk.Chunk, chunk.Expected, chunk.Version, changes],
            cancellationToken);
        return (int)parts[0] switch
        {
            0 => new AwardOutcome(Applied: false, (long)parts[1]),
            1 => new AwardOutcome(Applied: true, (long)parts[1]),
            _ => throw BoardScore.OutOfLimits((long)parts[1]),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<long, long>> AppliedAsync(string board, string source, CancellationToken cancellationToken = default)
    {
        var fields = await CallAsync(() => Database.HashGetAllAsync(Keys.BoardApplied(board, source), CommandFlags.DemandMaster), cancellationToken);
        return fields.ToDictionary(f => (long)f.Name, f => (long)f.Value);
    }

    /// <inheritdoc/>
    public async Task<StandingRow?> FindAsync(string board, long fan, CancellationToken cancellationToken = default)
    {
        var parts = (RedisResult[])await RunAsync(StandingScript, [Keys.BoardRanking(board)], [Member(fan)], cancellationToken);
        if (parts.Length == 0)
        {
            return null;
        }

        var score = BoardScore.FromSortKey((long)(double)parts[0]);
        return new StandingRow(score.Points, score.TimeMs, (long)parts[1] + 1);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string board, CancellationToken cancellationToken = default) =>
        CallAsync(() => Database.SortedSetLengthAsync(Keys.BoardRanking(board), flags: CommandFlags.DemandMaster), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RankedFan>> TopAsync(string board, int count, CancellationToken cancellationToken = default) =>
        LeaderboardPages.TopAsync(count, most => ReadAsync(board, 0, most, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<RankedFan> ReadAllAsync(string board, CancellationToken cancellationToken = default) =>
        LeaderboardPages.AllAsync((from, _) => ReadAsync(board, from, LeaderboardPages.Size, cancellationToken), cancellationToken);

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
                Keys.BoardSources(board), Keys.BoardRanking(board), Keys.BoardVersion(board),
                .. sources.Select(source => (RedisKey)Keys.BoardApplied(board, source!)),
            ];
            removed = (long)await RunAsync(ForgetScript, keys, sources, cancellationToken) == 1;
        }
    }

    private static byte[] Pack(IReadOnlyList<Award> changes)
    {
        var packed = new byte[changes.Count * ChangeBytes];
        for (var i = 0; i < changes.Count; i++)
        {
            var (fan, points, timeMs) = changes[i];
            var place = packed.AsSpan(i * ChangeBytes, ChangeBytes);
            fan.TryFormat(place, out _, "D16", CultureInfo.InvariantCulture);
            BinaryPrimitives.WriteInt32BigEndian(place[MemberBytes..], (int)points);
            BinaryPrimitives.WriteInt32BigEndian(place[(MemberBytes + 4)..], (int)timeMs);
        }

        return packed;
    }

    private static string Member(long fan) => fan.ToString("D16", CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<BoardEntry>> ReadAsync(string board, long from, int count, CancellationToken cancellationToken)
    {
        var entries = await CallAsync(
            () => Database.SortedSetRangeByRankWithScoresAsync(Keys.BoardRanking(board), from, from + count - 1, Order.Ascending, CommandFlags.DemandMaster),
            cancellationToken);
        return Array.ConvertAll(entries, entry => new BoardEntry((long)entry.Element, (long)entry.Score));
    }

    // Also what the library throws before it has a task to return.
    private Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        GuardAsync(() => script.RunAsync(Database, keys, arguments, cancellationToken), cancellationToken);

    private static Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        GuardAsync(() => RedisConnection.WithinLimit(call(), cancellationToken), cancellationToken);

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
