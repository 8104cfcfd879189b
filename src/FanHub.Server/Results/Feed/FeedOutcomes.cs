using System.Collections.Concurrent;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Feed;

/// <summary>Lets whoever stored a message wait for what comes of it, on whichever node that happens.</summary>
internal sealed class FeedOutcomes(IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<long, TaskCompletionSource> _waiting = new();

    /// <summary>Waits until the messages have been dealt with, or the time is up.</summary>
    /// <returns>What came of each; null where the time was up.</returns>
    public async Task<IReadOnlyList<DealtMessage>?> WaitAsync(IReadOnlyList<long> messages, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var last = messages[^1];
        var told = _waiting.GetOrAdd(last, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var limit = time.GetUtcNow() + atMost;
        try
        {
            while (time.GetUtcNow() < limit)
            {
                // Messages are dealt with in their order. One that another node deals with is not told of here.
                await Task.WhenAny(told.Task, Task.Delay(LookAnyway, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                if (await TryReadAsync(messages, cancellationToken) is { } all)
                {
                    return all;
                }

                if (told.Task.IsCompleted)
                {
                    _waiting.TryUpdate(last, told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), told);
                }
            }

            return null;
        }
        finally
        {
            _waiting.TryRemove(last, out _);
        }
    }

    /// <summary>The message has been dealt with, and that is saved.</summary>
    public void Tell(long message)
    {
        if (_waiting.TryGetValue(message, out var told))
        {
            told.TrySetResult();
        }
    }

    private async Task<IReadOnlyList<DealtMessage>?> TryReadAsync(IReadOnlyList<long> messages, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(messages, cancellationToken);
        }
        catch (Exception failure) when (DatabaseFailures.IsAway(failure))
        {
            // They are stored, and will be dealt with: only what comes of them cannot be asked just now.
            return null;
        }
    }

    private async Task<IReadOnlyList<DealtMessage>?> ReadAsync(IReadOnlyList<long> messages, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var rows = await db.FeedMessages.AsNoTracking().Where(m => messages.Contains(m.Id)).OrderBy(m => m.Id)
            .Select(m => new DealtMessage(m.Id, m.State, m.Outcome, m.Reason, m.ItemVersion, m.MadeItem)).ToListAsync(cancellationToken);
        return rows.All(r => r.State != FeedMessageState.Waiting) ? rows : null;
    }
}

/// <summary>What came of a message.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="ItemVersion">Of an editor's result: the version of the item that it made.</param>
/// <param name="MadeItem">Of an editor's result: whether there was no item before it.</param>
internal sealed record DealtMessage(long Id, FeedMessageState State, FeedOutcome? Outcome, string? Reason, long? ItemVersion, bool MadeItem);
