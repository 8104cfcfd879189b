using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Feed;

/// <summary>Who may send messages, and how many at once.</summary>
internal sealed class FeedGate(IOptions<FeedOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How many bodies are in memory at once.</summary>
    internal const int MaxAtOnce = 64;

    /// <summary>How many requests may wait for their turn.</summary>
    internal const int MaxWaiting = 512;

    private const string Header = "X-API-KEY";
    private static readonly TimeSpan WaitWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly byte[]? _hash = string.IsNullOrEmpty(options.Value.ApiKey) ? null : Hash(options.Value.ApiKey);
    private readonly ConcurrencyLimiter _bodies = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = MaxAtOnce,
        QueueLimit = MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Whether there is a feed at all.</summary>
    public bool IsOpen => _hash is not null;

    /// <summary>Refuses who does not have the key. Takes the same time whatever is wrong with it.</summary>
    /// <exception cref="FanHubException"><c>not_found</c> where no feed is configured, <c>unauthorized</c>.</exception>
    public void Check(HttpRequest request)
    {
        if (_hash is null)
        {
            throw new FanHubException(ErrorCodes.NotFound, "No results feed is configured here.");
        }

        if (!CryptographicOperations.FixedTimeEquals(_hash, Hash(request.Headers[Header].ToString())))
        {
            throw new FanHubException(ErrorCodes.Unauthorized, $"The feed's key is needed, as '{Header}: …'.");
        }
    }

    /// <summary>Waits until there is room for one more body.</summary>
    /// <returns>Makes room when it is disposed of.</returns>
    /// <exception cref="FanHubException"><c>unavailable</c>: too many are waiting, or have for too long.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(WaitWithin, time, cancellationToken);
        try
        {
            var room = await _bodies.AcquireAsync(1, limit.Token);
            return room.IsAcquired ? room : throw Busy();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Busy();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _bodies.Dispose();

    private static FanHubException Busy() => new(ErrorCodes.Unavailable, "Too many messages come at once, and this one was not read. Send it again.", RetryAfter);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
