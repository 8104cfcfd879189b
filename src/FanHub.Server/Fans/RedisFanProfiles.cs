using System.Globalization;
using System.Runtime.CompilerServices;
using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using StackExchange.Redis;

namespace FanHub.Server.Fans;

/// <summary>What is known of fans, in Redis, shared by all nodes.</summary>
/// <remarks>
/// Names of 128 neighbouring fans share a hash, which Redis keeps packed as long as they are short, as it does with ballots (<see cref="RedisCastBatch"/>). All of it has one hash tag, so that a
/// fan is forgotten in one step; it is little, and rarely written.
/// </remarks>
/// <param name="redis">The connection.</param>
/// <param name="forgottenFor">How long forgotten fans stay noted.</param>
internal sealed class RedisFanProfiles(RedisConnection redis, TimeSpan forgottenFor) : IFanProfiles
{
    private const int Page = 5_000;

    private static readonly RedisScript NameScript = RedisScript.Embedded("set-fan-name.lua");
    private static readonly RedisScript MoreTimeScript = RedisScript.Embedded("ask-more-time.lua");
    private static readonly RedisScript ForgetScript = RedisScript.Embedded("forget-fan.lua");

    private RedisKeys Keys => redis.Keys;

    private IDatabase Database => redis.Database;

    /// <inheritdoc/>
    public async Task<string?> FindNameAsync(long fan, CancellationToken cancellationToken = default) =>
        await CallAsync(() => Database.HashGetAsync(NamesOf(fan), RedisCastBatch.Field(fan), CommandFlags.DemandMaster), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<long, string>> FindNamesAsync(IReadOnlyCollection<long> fans, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fans.Count, IFanProfiles.MaxNames, nameof(fans));
        var buckets = fans.Distinct().GroupBy(RedisCastBatch.Bucket, (_, neighbours) => neighbours.ToArray()).ToArray();
        var found = await CallAsync(() => Task.WhenAll(Array.ConvertAll(buckets, ReadAsync)), cancellationToken);
        var names = new Dictionary<long, string>();
        for (var i = 0; i < buckets.Length; i++)
        {
            for (var j = 0; j < buckets[i].Length; j++)
            {
                if (!found[i][j].IsNull)
                {
                    names[buckets[i][j]] = found[i][j]!;
                }
            }
        }

        return names;

        Task<RedisValue[]> ReadAsync(long[] neighbours) =>
            Database.HashGetAsync(NamesOf(neighbours[0]), Array.ConvertAll(neighbours, fan => (RedisValue)RedisCastBatch.Field(fan)), CommandFlags.DemandMaster);
    }

    /// <inheritdoc/>
    public async Task SetNameAsync(long fan, string? name, CancellationToken cancellationToken = default)
    {
        var reply = await GuardAsync(
            NameScript.RunAsync(Database, [Keys.ForgottenFans, NamesOf(fan)], [fan, RedisCastBatch.Field(fan), name ?? ""], cancellationToken), cancellationToken);
        if ((int)reply == 0)
        {
            throw new FanForgottenException();
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset> AskMoreTimeAsync(string quiz, long fan, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        var reply = await GuardAsync(
            MoreTimeScript.RunAsync(
                Database,
                [Keys.ForgottenFans, Keys.MoreTime(quiz), Keys.MoreTimeQuizzes],
                [fan, at.ToUnixTimeMilliseconds(), quiz, (long)IFanProfiles.MoreTimeKept.TotalMilliseconds],
                cancellationToken),
            cancellationToken);
        return (string?)reply is { Length: > 0 } first
            ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(first, CultureInfo.InvariantCulture))
            : throw new FanForgottenException();
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindMoreTimeAsync(string quiz, long fan, CancellationToken cancellationToken = default) =>
        await CallAsync(() => Database.SortedSetScoreAsync(Keys.MoreTime(quiz), fan, CommandFlags.DemandMaster), cancellationToken) is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)at)
            : null;

    /// <inheritdoc/>
    public Task<long> CountMoreTimeAsync(string quiz, CancellationToken cancellationToken = default) =>
        CallAsync(() => Database.SortedSetLengthAsync(Keys.MoreTime(quiz), flags: CommandFlags.DemandMaster), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> AnyMoreTimeBeforeAsync(string quiz, DateTimeOffset moment, CancellationToken cancellationToken = default)
    {
        var before = await CallAsync(
            () => Database.SortedSetLengthAsync(Keys.MoreTime(quiz), double.NegativeInfinity, moment.ToUnixTimeMilliseconds(), Exclude.Stop, CommandFlags.DemandMaster),
            cancellationToken);
        return before > 0;
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset> ForgetAsync(long fan, CancellationToken cancellationToken = default)
    {
        var quizzes = await CallAsync(() => Database.SortedSetRangeByRankAsync(Keys.MoreTimeQuizzes, flags: CommandFlags.DemandMaster), cancellationToken);
        RedisKey[] keys = [Keys.ForgottenFans, NamesOf(fan), .. quizzes.Select(quiz => (RedisKey)Keys.MoreTime(quiz!))];
        var moment = await GuardAsync(
            ForgetScript.RunAsync(Database, keys, [fan, RedisCastBatch.Field(fan), (long)forgottenFor.TotalMicroseconds], cancellationToken), cancellationToken);
        return FanMoments.FromMicroseconds((long)moment);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ForgottenFan> ForgottenSinceAsync(DateTimeOffset moment, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var since = (double)FanMoments.ToMicroseconds(moment);
        var count = Page;
        while (true)
        {
            var (from, take) = (since, count);
            var page = await CallAsync(
                () => Database.SortedSetRangeByScoreWithScoresAsync(Keys.ForgottenFans, from, take: take, flags: CommandFlags.DemandMaster), cancellationToken);
            foreach (var entry in page)
            {
                yield return new ForgottenFan((long)entry.Element, FanMoments.FromMicroseconds((long)entry.Score));
            }

            if (page.Length < count)
            {
                yield break;
            }

            // From the last moment again, for others may share it: those seen come twice. Where a whole page shares it, a larger page gets past it.
            count = page[^1].Score > since ? Page : count * 2;
            since = page[^1].Score;
        }
    }

    /// <inheritdoc/>
    public async Task RestoreForgottenAsync(IReadOnlyCollection<ForgottenFan> fans, CancellationToken cancellationToken = default)
    {
        foreach (var chunk in fans.Chunk(Page))
        {
            var entries = Array.ConvertAll(chunk, f => new SortedSetEntry(f.Fan, FanMoments.ToMicroseconds(f.At)));
            await CallAsync(() => Database.SortedSetAddAsync(Keys.ForgottenFans, entries, When.NotExists), cancellationToken);
        }
    }

    private RedisKey NamesOf(long fan) => Keys.FanNames(RedisCastBatch.Bucket(fan));

    // The call is made inside: the library also throws before it has a task to return.
    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await GuardAsync(Call(), cancellationToken);

        async Task<T> Call() => await RedisConnection.WithinLimit(call(), cancellationToken);
    }

    private static async Task<T> GuardAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call;
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new FanProfilesUnavailableException("Redis cannot be reached, or did not answer in time.", e);
        }
    }
}
