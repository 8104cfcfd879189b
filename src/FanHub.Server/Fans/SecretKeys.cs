using FanHub.Realtime.Redis;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Fans;

/// <summary>
/// The secret behind tokens and receipts, for editor nodes: they have to know it only now and then, to tell whose token it is, or to export receipts. So they do not wait for Redis at
/// their start, as fan nodes do.
/// </summary>
internal sealed class SecretKeys(IServiceProvider services, Node node, IOptions<FanSessionOptions> options)
{
    private SessionKey? _key;

    /// <summary>The secret.</summary>
    /// <exception cref="FanHubException"><c>unavailable</c>: it is shared through Redis, which does not answer.</exception>
    public async Task<SessionKey> FindAsync()
    {
        if (Volatile.Read(ref _key) is { } known)
        {
            return known;
        }

        try
        {
            var key = services.GetService<SessionKey>() ?? await ReadAsync();
            Volatile.Write(ref _key, key);
            return key;
        }
        catch (Exception e) when (RedisConnection.IsUnavailable(e))
        {
            throw new FanHubException(Contracts.ErrorCodes.Unavailable, "The key of fans' sessions cannot be had while Redis is away.", TimeSpan.FromSeconds(1));
        }
    }

    private async Task<SessionKey> ReadAsync() =>
        options.Value.SigningKey is { Length: > 0 } configured ? SessionKey.FromConfiguration(configured)
        : services.GetService<RedisConnection>() is { } redis ? await SessionKey.FromRedisAsync(redis, node.DataDirectory)
        : SessionKey.FromFile(node.DataDirectory);
}
