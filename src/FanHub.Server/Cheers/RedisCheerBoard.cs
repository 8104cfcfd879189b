using System.Globalization;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using StackExchange.Redis;

namespace FanHub.Server.Cheers;

/// <summary>The board that all nodes share. Seconds are those of Redis's clock, which is one for all.</summary>
internal sealed class RedisCheerBoard(RedisConnection redis) : ICheerBoard
{
    private static readonly RedisScript Script = RedisScript.Embedded("add-cheers.lua");

    /// <inheritdoc />
    public async Task<CheerReading> AddAsync(string channel, IReadOnlyDictionary<string, long> taps, CancellationToken cancellationToken = default)
    {
        RedisValue[] arguments = [(long)ICheerBoard.KeptFor.TotalSeconds, .. taps.SelectMany(t => (RedisValue[])[t.Key, t.Value])];
        try
        {
            var reply = (RedisResult[])await Script.RunAsync(redis.Database, [redis.Keys.CheerSums(channel)], arguments, cancellationToken);
            return new CheerReading(DateTimeOffset.FromUnixTimeMilliseconds((long)reply[0]), Sums((RedisValue[])reply[1]));
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e))
        {
            throw new LogUnavailableException("Redis is away or did not answer in time.", e);
        }
    }

    private static IReadOnlyList<CheerSum> Sums(RedisValue[] over)
    {
        if (over.Length == 0)
        {
            return [];
        }

        var seconds = new SortedDictionary<long, Dictionary<string, long>>();
        for (var i = 0; i < over.Length; i += 2)
        {
            string field = over[i]!;
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            var second = long.Parse(field.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture);
            if (!seconds.TryGetValue(second, out var sum))
            {
                seconds[second] = sum = new Dictionary<string, long>(StringComparer.Ordinal);
            }

            sum[field[(colon + 1)..]] = (long)over[i + 1];
        }

        return [.. seconds.Select(s => new CheerSum(s.Key, s.Value))];
    }
}
