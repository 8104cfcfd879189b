using System.Globalization;
using System.Runtime.CompilerServices;
using FanHub.Realtime.Redis;
using StackExchange.Redis;

namespace FanHub.Server.Ballots;

/// <summary>Ballots in Redis, shared by all nodes. Every change is one script, so that nothing comes between; reads go to the primary, so that nothing older is seen.</summary>
internal sealed class RedisBallotBox(RedisConnection redis, TimeProvider time) : IBallotBox
{
    // A read of one chunk: 128 buckets of up to 128 ballots, about 200 KB.
    private const int ReadChunk = 128;
    private const int ReadAhead = 3;

    private static readonly RedisScript CastScript = RedisScript.Embedded("cast.lua");
    private static readonly RedisScript SealScript = RedisScript.Embedded("seal.lua");
    private static readonly RedisScript ReserveScript = RedisScript.Embedded("reserve-fans.lua");

    private RedisKeys Keys => redis.Keys;

    private IDatabase Database => redis.Database;

    /// <inheritdoc/>
    public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) =>
        CallAsync(() => Database.HashSetAsync(Keys.Box(interaction), "channel", channel, When.NotExists), cancellationToken);

    /// <inheritdoc/>
    public async Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default)
    {
        var values = await CallAsync(() => Database.HashGetAsync(Keys.Box(interaction), ["channel", "sealed"], CommandFlags.DemandMaster), cancellationToken);
        return values[0].IsNull ? null : new BoxInfo(values[0]!, !values[1].IsNull);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default)
    {
        rules.ValidateBatch(batch);
        if (batch.Count == 0)
        {
            return [];
        }

        var (keys, arguments) = RedisCastBatch.Pack(Keys, interaction, rules, batch);
        var reply = await GuardAsync(CastScript.RunAsync(Database, keys, arguments, cancellationToken), cancellationToken);
        return RedisCastBatch.Read(reply, rules, batch);
    }

    /// <inheritdoc/>
    public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) =>
        CallAsync(() => Task.WhenAll(AddAsync(interaction, "late", late), AddAsync(interaction, "refused", refused)), cancellationToken);

    /// <inheritdoc/>
    public async Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default)
    {
        var fields = await CallAsync(() => Database.HashGetAllAsync(Keys.Box(interaction), CommandFlags.DemandMaster), cancellationToken);
        return Read(fields.ToDictionary(f => f.Name.ToString(), f => f.Value, StringComparer.Ordinal), options);
    }

    /// <inheritdoc/>
    public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default) =>
        CallAsync(() => Database.StringSetAsync(Keys.TallyClaim(interaction), 1, period, When.NotExists), cancellationToken);

    /// <inheritdoc/>
    public async Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default)
    {
        var reply = (RedisValue[])await GuardAsync(SealScript.RunAsync(Database, [Keys.Box(interaction)], [channel], cancellationToken), cancellationToken);
        var fields = new Dictionary<string, RedisValue>(reply.Length / 2, StringComparer.Ordinal);
        for (var i = 0; i < reply.Length; i += 2)
        {
            fields[reply[i].ToString()] = reply[i + 1];
        }

        return Read(fields, options);
    }

    /// <inheritdoc/>
    public async Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default)
    {
        var key = Keys.BoxBucket(interaction, RedisCastBatch.Bucket(fan));
        var value = await CallAsync(() => Database.HashGetAsync(key, RedisCastBatch.Field(fan), CommandFlags.DemandMaster), cancellationToken);
        return value.IsNull ? null : BallotCodec.Decode((byte[])value!, BallotCodec.ChoiceBytes(options));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var width = BallotCodec.ChoiceBytes(options);
        var buckets = Array.ConvertAll(await CallAsync(() => Database.SetMembersAsync(Keys.BoxBuckets(interaction), CommandFlags.DemandMaster), cancellationToken), b => (long)b);
        Array.Sort(buckets);

        // While one chunk is looked at, the next ones are on their way.
        var ahead = new Queue<(long[] Buckets, Task<HashEntry[][]> Hashes)>();
        try
        {
            foreach (var chunk in buckets.Chunk(ReadChunk))
            {
                ahead.Enqueue((chunk, ReadAsync(chunk)));
                if (ahead.Count > ReadAhead)
                {
                    foreach (var ballot in Decode(ahead.Peek().Buckets, await ahead.Peek().Hashes))
                    {
                        yield return ballot;
                    }

                    ahead.Dequeue();
                }
            }

            for (; ahead.Count > 0; ahead.Dequeue())
            {
                foreach (var ballot in Decode(ahead.Peek().Buckets, await ahead.Peek().Hashes))
                {
                    yield return ballot;
                }
            }
        }
        finally
        {
            foreach (var (_, hashes) in ahead)
            {
                // Nobody is left to be told of their failures.
                _ = hashes.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }

        Task<HashEntry[][]> ReadAsync(long[] chunk) => CallAsync(
            () => Task.WhenAll(Array.ConvertAll(chunk, bucket => Database.HashGetAllAsync(Keys.BoxBucket(interaction, bucket), CommandFlags.DemandMaster))),
            cancellationToken);

        IEnumerable<RecordedBallot> Decode(long[] chunk, HashEntry[][] hashes)
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                foreach (var entry in hashes[i])
                {
                    yield return new RecordedBallot(RedisCastBatch.Fan(chunk[i], (int)entry.Name), BallotCodec.Decode((byte[])entry.Value!, width));
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => FanNumbers.ReserveAsync(
        count,
        async () =>
        {
            var reply = (long)await GuardAsync(
                ReserveScript.RunAsync(
                    Database,
                    [Keys.NextFan],
                    [count, FanNumbers.Epoch.ToUnixTimeSeconds(), (long)FanNumbers.Lead.TotalMicroseconds],
                    cancellationToken),
                cancellationToken);
            return reply < 0 ? (null, TimeSpan.FromMicroseconds(-reply)) : (reply, TimeSpan.Zero);
        },
        time,
        cancellationToken);

    private static Tally Read(Dictionary<string, RedisValue> fields, int options)
    {
        var counts = new long[options];
        for (var i = 0; i < options; i++)
        {
            counts[i] = Number(i.ToString(CultureInfo.InvariantCulture));
        }

        return new Tally
        {
            Sequence = Number("accepted") + Number("changed"),
            Counts = counts,
            Ballots = Number("accepted"),
            Changed = Number("changed"),
            Repeated = Number("repeated"),
            Late = Number("late"),
            Refused = Number("refused"),
            Sealed = fields.ContainsKey("sealed"),
        };

        long Number(string field) => fields.TryGetValue(field, out var value) ? (long)value : 0;
    }

    private Task<long> AddAsync(string interaction, string field, long more) =>
        more == 0 ? Task.FromResult(0L) : Database.HashIncrementAsync(Keys.Box(interaction), field, more);

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
            throw new BallotBoxUnavailableException("Redis cannot be reached, or did not answer in time.", e);
        }
    }
}
