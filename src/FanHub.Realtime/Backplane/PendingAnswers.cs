using System.Collections.Concurrent;

namespace FanHub.Realtime.Backplane;

/// <summary>Questions to other nodes that wait for an answer.</summary>
internal sealed class PendingAnswers(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<BackplaneMessage>> _pending = new(StringComparer.Ordinal);

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="request">What the answer will be for.</param>
    /// <param name="publish">Sends the question.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The answer, or null where none came in time.</returns>
    public async Task<BackplaneMessage?> AskAsync(string request, Func<Task> publish, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<BackplaneMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[request] = answer;
        try
        {
            await publish();
            return await answer.Task.WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _pending.TryRemove(request, out _);
        }
    }

    /// <summary>Hands an answer over; one that nobody waits for any more is dropped.</summary>
    public void Answer(BackplaneMessage answer)
    {
        if (_pending.TryGetValue(answer.Request, out var pending))
        {
            pending.TrySetResult(answer);
        }
    }
}
