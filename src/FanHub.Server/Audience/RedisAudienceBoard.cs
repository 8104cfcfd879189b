using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Redis;
using StackExchange.Redis;

namespace FanHub.Server.Audience;

/// <summary>The board that all nodes share. Reports age by Redis's clock, which is one for all.</summary>
internal sealed class RedisAudienceBoard(RedisConnection redis) : IAudienceBoard
{
    private static readonly RedisScript Script = RedisScript.Embedded("audience.lua");

    /// <inheritdoc/>
    public Task<AudienceReading> ReportAsync(NodeAudience report, CancellationToken cancellationToken = default) =>
        RunAsync(report.Node, JsonSerializer.SerializeToUtf8Bytes(report, WireJson.Options), cancellationToken);

    /// <inheritdoc/>
    public Task<AudienceReading> ReadAsync(CancellationToken cancellationToken = default) => RunAsync("", "", cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string node, CancellationToken cancellationToken = default) => RunAsync(node, "", cancellationToken);

    private async Task<AudienceReading> RunAsync(string node, RedisValue report, CancellationToken cancellationToken)
    {
        try
        {
            var reply = (RedisResult[])await Script.RunAsync(
                redis.Database,
                [redis.Keys.AudienceReports, redis.Keys.AudienceTimes],
                [(long)IAudienceBoard.KeptFor.TotalMilliseconds, node, report],
                cancellationToken);
            var reports = ((RedisValue[])reply[1]).Select(r => JsonSerializer.Deserialize<NodeAudience>((byte[])r!, WireJson.Options)!);
            return new AudienceReading(DateTimeOffset.FromUnixTimeMilliseconds((long)reply[0]), [.. reports.OrderBy(r => r.Node, StringComparer.Ordinal)]);
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e))
        {
            throw new LogUnavailableException("Redis is away or did not answer in time.", e);
        }
    }
}
