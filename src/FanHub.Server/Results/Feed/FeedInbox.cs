using System.Threading.Channels;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;

namespace FanHub.Server.Results.Feed;

/// <summary>
/// Stores messages before they are acknowledged. Those that arrive while a transaction is being committed share the next one, so that forcing it onto the disk, which takes longer
/// than all the rest, is paid once for many; the first one of a quiet moment goes at once.
/// </summary>
/// <remarks>
/// Rows of two nodes may become visible in another order than that of their numbers. Whoever looks for work has to ask for what is <see cref="FeedMessageState.Waiting"/>, never for
/// what has a higher number than the last.
/// </remarks>
internal sealed partial class FeedInbox(
    IServiceScopeFactory scopes, DatabaseStartup database, FeedWriteTurn turn, FeedSignal signal, ILogger<FeedInbox> logger) : BackgroundService
{
    /// <summary>How many messages may wait.</summary>
    internal const int MaxWaiting = 1024;

    /// <summary>How many bytes they may have together, as they are stored; a single one may have more.</summary>
    internal const long MaxWaitingBytes = 128 * 1024 * 1024;

    private const int MaxShared = 100;

    // A transaction is to end long before the database's own limits.
    private const int MaxSharedBytes = 8 * 1024 * 1024;

    private readonly Channel<Waiter> _waiting = Channel.CreateBounded<Waiter>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private long _waitingBytes;

    /// <summary>Stores a message, and returns its number once it is on the disk.</summary>
    /// <param name="message">What to store. It is stored once; with its number 0 it belongs to the inbox from now on.</param>
    /// <param name="cancellationToken">Whoever gives up waiting does not know whether it was stored.</param>
    /// <exception cref="FanHubException"><c>unavailable</c>: it was not stored, or it is not known that it was. Storing it again is harmless.</exception>
    public async Task<long> StoreAsync(FeedMessage message, CancellationToken cancellationToken) => (await StoreAsync([message], cancellationToken))[0];

    /// <summary>Stores messages together, in their order, or none of them, and returns their numbers once they are on the disk.</summary>
    /// <param name="messages">What to store, at least one. With their numbers 0 they belong to the inbox from now on.</param>
    /// <param name="cancellationToken">Whoever gives up waiting does not know whether they were stored.</param>
    /// <exception cref="FanHubException"><c>unavailable</c>: they were not stored, or it is not known that they were. Storing them again is harmless.</exception>
    public async Task<IReadOnlyList<long>> StoreAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireReady();
        var waiter = new Waiter(messages, cancellationToken);
        var bytes = Interlocked.Add(ref _waitingBytes, waiter.Bytes);
        if ((bytes > MaxWaitingBytes && bytes > waiter.Bytes) || !_waiting.Writer.TryWrite(waiter))
        {
            Interlocked.Add(ref _waitingBytes, -waiter.Bytes);
            throw Unavailable("Too many messages are waiting to be stored, and this was not. Send it again.");
        }

        return await waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Refuses where the database has not answered since the start: nothing can be stored then.</summary>
    /// <exception cref="FanHubException"><c>unavailable</c>.</exception>
    public void RequireReady()
    {
        if (!database.Ready.IsCompletedSuccessfully)
        {
            throw Unavailable("The database does not answer yet. Send the message again.");
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What is waiting is stored; what comes now is refused.
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiter>(MaxShared);
        // It ends when the inbox is closed and empty, or the host will not wait any longer.
        while (!stoppingToken.IsCancellationRequested && await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            Take(batch);
            await StoreAsync(batch);
        }

        while (_waiting.Reader.TryRead(out var left))
        {
            Fail(left, Unavailable("This node is about to stop, and did not store the message. Send it again."));
        }
    }

    private static FanHubException Unavailable(string text) => new(ErrorCodes.Unavailable, text, TimeSpan.FromSeconds(1));

    private void Take(List<Waiter> batch)
    {
        batch.Clear();
        long bytes = 0;
        while (batch.Count < MaxShared && bytes < MaxSharedBytes && _waiting.Reader.TryRead(out var waiter))
        {
            if (waiter.GivenUp)
            {
                Fail(waiter, new OperationCanceledException());
                continue;
            }

            bytes += waiter.Bytes;
            batch.Add(waiter);
        }
    }

    private async Task StoreAsync(List<Waiter> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await SaveAsync(batch);
        }
        catch (Exception failure) when (batch.Count > 1 && failure is not FanHubException && !DatabaseFailures.IsAway(failure) && DatabaseFailures.Within<TimeoutException>(failure) is null)
        {
            // One of them cannot be stored, and that is not the fault of the others.
            foreach (var waiter in batch)
            {
                await StoreAsync([waiter]);
            }

            return;
        }
        catch (Exception failure)
        {
            LogFailed(failure, batch.Count);
            var away = failure is not FanHubException && (DatabaseFailures.IsAway(failure) || DatabaseFailures.Within<TimeoutException>(failure) is not null);
            foreach (var waiter in batch)
            {
                Fail(waiter, away || failure is FanHubException ? Unavailable("The database does not answer, and may have stored the message or not. Send it again.") : failure);
            }

            return;
        }

        foreach (var waiter in batch)
        {
            Interlocked.Add(ref _waitingBytes, -waiter.Bytes);
            waiter.TrySetResult([.. waiter.Messages.Select(m => m.Id)]);
        }

        signal.Wake();
    }

    private async Task SaveAsync(List<Waiter> batch)
    {
        try
        {
            await SaveOnceAsync(batch);
        }
        catch (Exception failure) when (PostgresSettings.IsConnectionLost(failure))
        {
            // A connection that lay in the pool while the server restarted is found broken by its next use. A commit that was lost is told in another way, so nothing was stored yet.
            await SaveOnceAsync(batch);
        }
    }

    private async Task SaveOnceAsync(List<Waiter> batch)
    {
        using var _ = await turn.EnterAsync(CancellationToken.None);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        db.HoldChanges();
        db.AddRange(batch.SelectMany(w => w.Messages));
        // Not to be cancelled: somebody waits for each of them, and the database has limits of its own.
        await db.SaveChangesAsync(CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
    }

    private void Fail(Waiter waiter, Exception cause)
    {
        Interlocked.Add(ref _waitingBytes, -waiter.Bytes);
        waiter.TrySetException(cause);
        // Whoever waited may have given up: the failure counts as seen all the same.
        _ = waiter.Task.Exception;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} feed messages could not be stored, or it is not known that they were; their senders were told to send them again")]
    private partial void LogFailed(Exception failure, int count);

    private sealed class Waiter(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken)
        : TaskCompletionSource<IReadOnlyList<long>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public IReadOnlyList<FeedMessage> Messages { get; } = messages;

        public long Bytes { get; } = messages.Sum(m => (long)m.Content.Length);

        public bool GivenUp => cancellationToken.IsCancellationRequested;
    }
}
