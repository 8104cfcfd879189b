using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace FanHub.Realtime.Backplane;

// Results that clients are asked for.
public sealed partial class RedisHubLifetimeManager<THub>
{
    /// <inheritdoc/>
    /// <exception cref="IOException">The connection does not exist, or has gone before it answered.</exception>
    /// <exception cref="HubException">The client answered with an error, or <paramref name="cancellationToken"/> ended the waiting.</exception>
    public override async Task<T> InvokeConnectionAsync<T>(string connectionId, string methodName, object?[] args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        var result = new AwaitedResult<T>(NextRequest(), connectionId);
        var invocation = new InvocationMessage(result.Invocation, methodName, args);
        _results.Add(result);
        try
        {
            using var cancelled = cancellationToken.UnsafeRegister(_ => _results.Fail(result, new HubException("Invocation canceled by the server.")), state: null);
            return await (_connections.Find(connectionId) is { } local ? InvokeHereAsync(local, invocation, result) : InvokeElsewhereAsync(invocation, result, cancellationToken));
        }
        finally
        {
            _results.Remove(result);
        }
    }

    private async Task<T> InvokeHereAsync<T>(LocalConnection connection, InvocationMessage invocation, AwaitedResult<T> result)
    {
        using var aborted = connection.Context.ConnectionAborted.UnsafeRegister(_ => _results.Fail(result, Disconnected(connection.Id)), state: null);
        _ = FailWithAsync(connection.SendAsync(OutgoingMessage.For(connection.Context, invocation)), result);
        return await result.Task;
    }

    private async Task FailWithAsync(Task write, PendingResult result)
    {
        try
        {
            await write;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _results.Fail(result, e);
        }
    }

    private async Task<T> InvokeElsewhereAsync<T>(InvocationMessage invocation, AwaitedResult<T> result, CancellationToken cancellationToken)
    {
        var message = new BackplaneMessage { Kind = BackplaneKind.Invoke, From = _node, Request = result.Invocation, Ids = [result.Connection], Payload = Encode(invocation) };
        var asking = _answers.AskAsync(result.Invocation, () => AskAllAsync(message), _options.AnswerTimeout, CancellationToken.None);
        // Cancelled meanwhile: the answer is not waited for.
        await Task.WhenAny(asking, result.Task);
        if (!result.Task.IsCompleted && await asking is null)
        {
            throw new IOException($"Connection '{result.Connection}' does not exist.");
        }

        await WaitAsync(result, result.Task, asking);
        if (cancellationToken.IsCancellationRequested)
        {
            Forget(CancelElsewhereAsync(result, asking));
        }

        return await result.Task;
    }

    private async Task AskAllAsync(BackplaneMessage message)
    {
        // The answer would be missed.
        await _listening;
        await _bus.PublishAsync(AllChannel, message);
    }

    /// <summary>Waits, as long as the node that has the connection says from time to time that the result is still to come: without that, one that was killed would be waited for for ever.</summary>
    private async Task WaitAsync(PendingResult result, Task completed, Task<BackplaneMessage?> asking)
    {
        while (true)
        {
            try
            {
                await completed.WaitAsync(_options.ProbeInterval, _time);
                return;
            }
            catch (TimeoutException) when (!completed.IsCompleted)
            {
                // Ask.
            }
            catch (Exception) when (completed.IsCompleted)
            {
                // For who awaits the result itself.
                return;
            }

            try
            {
                var owner = (await asking)!.From;
                var request = NextRequest();
                var probe = new BackplaneMessage { Kind = BackplaneKind.Probe, From = _node, Request = request, Ids = [result.Invocation] };
                if (await _answers.AskAsync(request, () => PublishToAsync(owner, probe), _options.AnswerTimeout, CancellationToken.None) is not { Ok: true })
                {
                    _results.Fail(result, Disconnected(result.Connection));
                }
            }
            catch (BackplaneUnavailableException)
            {
                // Nobody can be asked. The node and its client may well be there; the next time shows.
            }
        }
    }

    /// <summary>Tells the node that has the connection, if one does, that its client's result is not waited for.</summary>
    private async Task CancelElsewhereAsync(PendingResult result, Task<BackplaneMessage?> asking)
    {
        // Where it cannot be told, it forgets by itself what is not asked about.
        if (await asking is { } owner)
        {
            await PublishToAsync(owner.From, new BackplaneMessage { Kind = BackplaneKind.Cancel, From = _node, Request = result.Invocation });
        }
    }
}
