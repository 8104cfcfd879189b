using System.Buffers.Binary;
using System.Globalization;
using FanHub.Realtime.Redis;
using StackExchange.Redis;

namespace FanHub.Server.Ballots;

/// <summary>A batch of ballots as <c>cast.lua</c> takes it, and its reply read back.</summary>
/// <remarks>
/// Ballots lie in buckets of 128 neighbouring fans, each a hash small enough for Redis to keep packed under its default settings (at most 128 entries, of at most 64 bytes):
/// some 13 bytes a ballot instead of 60 or more.
/// </remarks>
internal static class RedisCastBatch
{
    private const int BucketBits = 7;
    private const int FirstBucketKey = 3;

    /// <summary>The bucket that a fan's ballot is in.</summary>
    public static long Bucket(long fan) => fan >> BucketBits;

    /// <summary>The field of a fan's ballot in its bucket.</summary>
    public static int Field(long fan) => (int)(fan & ((1 << BucketBits) - 1));

    /// <summary>The fan whose ballot is in that place.</summary>
    public static long Fan(long bucket, int field) => (bucket << BucketBits) | (long)field;

    /// <summary>The script's keys and arguments.</summary>
    public static (RedisKey[] Keys, RedisValue[] Arguments) Pack(RedisKeys names, string interaction, BallotRules rules, IReadOnlyList<Ballot> batch)
    {
        var keys = new List<RedisKey>(batch.Count + 2) { names.Box(interaction), names.BoxBuckets(interaction) };
        var arguments = new List<RedisValue>(batch.Count + 3) { rules.Changeable ? 1 : 0, BallotCodec.ChoiceBytes(rules.Options), RedisValue.Null };
        var places = new Dictionary<long, int>(batch.Count);
        using var packed = new MemoryStream(batch.Count * 16);
        Span<byte> head = stackalloc byte[7];
        for (var i = 0; i < batch.Count; i++)
        {
            var fan = batch[i].Fan;
            var bucket = Bucket(fan);
            if (!places.TryGetValue(bucket, out var place))
            {
                place = FirstBucketKey + places.Count;
                places.Add(bucket, place);
                keys.Add(names.BoxBucket(interaction, bucket));
                arguments.Add(bucket);
            }

            var value = BallotCodec.Encode(batch[i].Value, rules.Options);
            Field(fan).TryFormat(head[4..], out var fieldLength, default, CultureInfo.InvariantCulture);
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)place);
            head[2] = (byte)fieldLength;
            head[3] = (byte)value.Length;
            packed.Write(head[..(4 + fieldLength)]);
            packed.Write(value);
        }

        arguments[2] = packed.ToArray();
        return (keys.ToArray(), arguments.ToArray());
    }

    /// <summary>Reads the script's reply.</summary>
    public static CastResult[] Read(RedisResult reply, BallotRules rules, IReadOnlyList<Ballot> batch)
    {
        var parts = (RedisResult[])reply;
        var statuses = (byte[])parts[0];
        if (statuses.Length != batch.Count)
        {
            throw new FormatException($"{statuses.Length} answers to {batch.Count} ballots.");
        }

        var width = BallotCodec.ChoiceBytes(rules.Options);
        var results = new CastResult[batch.Count];
        var next = 1;
        for (var i = 0; i < results.Length; i++)
        {
            var status = (CastStatus)(statuses[i] - '0');
            results[i] = status is CastStatus.Accepted or CastStatus.Changed
                ? new CastResult(status, batch[i].Value)
                : new CastResult(status, Held((byte[])parts[next++], width));
        }

        return results;
    }

    private static StoredBallot Held(byte[] bytes, int width) => bytes.Length == 0 ? default : BallotCodec.Decode(bytes, width);
}
