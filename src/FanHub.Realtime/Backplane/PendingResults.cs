using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace FanHub.Realtime.Backplane;

/// <summary>Clients that were asked for a result: those that this node asks, and those of this node that another one asks.</summary>
internal sealed class PendingResults : IInvocationBinder
{
    private readonly ConcurrentDictionary<string, PendingResult> _pending = new(StringComparer.Ordinal);

    public void Add(PendingResult result) => _pending[result.Invocation] = result;

    public PendingResult? Find(string invocation) => _pending.GetValueOrDefault(invocation);

    /// <summary>Takes one out, so that only one of those who would end it does.</summary>
    public bool Remove(PendingResult result) => _pending.TryRemove(new(result.Invocation, result));

    /// <summary>Completes one with what a client said. Nothing happens where nobody waits (any more).</summary>
    /// <exception cref="InvalidOperationException">Another client was asked.</exception>
    public void Complete(string connection, CompletionMessage completion)
    {
        if (completion.InvocationId is not { } invocation || Find(invocation) is not { } pending)
        {
            return;
        }

        if (!string.Equals(pending.Connection, connection, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Connection ID '{connection}' is not valid for invocation ID '{invocation}'.");
        }

        if (Remove(pending))
        {
            pending.Complete(completion);
        }
    }

    /// <summary>Ends one without a result.</summary>
    public void Fail(PendingResult pending, Exception exception)
    {
        if (Remove(pending))
        {
            pending.Fail(exception);
        }
    }

    /// <summary>Forgets those that another node has not asked about for too long: it has gone, or asks no more.</summary>
    public void DropAbandoned(TimeProvider time, TimeSpan limit)
    {
        foreach (var (_, pending) in _pending)
        {
            if (pending is RelayedResult relayed && time.GetElapsedTime(relayed.AskedAt) > limit)
            {
                Fail(pending, new IOException("Nobody asks for the result any more."));
            }
        }
    }

    public bool TryGetType(string? invocation, [NotNullWhen(true)] out Type? type)
    {
        type = invocation is null ? null : Find(invocation)?.Type;
        return type is not null;
    }

    /// <inheritdoc/>
    public Type GetReturnType(string invocationId) =>
        TryGetType(invocationId, out var type) ? type : throw new InvalidOperationException($"Nobody waits for the result of invocation ID '{invocationId}'.");

    /// <inheritdoc/>
    public IReadOnlyList<Type> GetParameterTypes(string methodName) => throw new NotSupportedException("Only results are read here.");

    /// <inheritdoc/>
    public Type GetStreamItemType(string streamId) => throw new NotSupportedException("Only results are read here.");
}

/// <summary>One result that a client owes.</summary>
internal abstract class PendingResult(string invocation, string connection, Type type)
{
    public string Invocation => invocation;

    public string Connection => connection;

    /// <summary>What protocols are to read the result as.</summary>
    public Type Type => type;

    public abstract void Complete(CompletionMessage completion);

    public abstract void Fail(Exception exception);
}

/// <summary>A result that somebody on this node awaits.</summary>
internal sealed class AwaitedResult<T>(string invocation, string connection) : PendingResult(invocation, connection, typeof(T))
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _source.Task;

    public override void Complete(CompletionMessage completion)
    {
        if (!completion.HasResult)
        {
            _source.TrySetException(new HubException(completion.Error));
            return;
        }

        try
        {
            _source.TrySetResult((T)completion.Result!);
        }
        catch (Exception e) when (e is InvalidCastException or NullReferenceException)
        {
            _source.TrySetException(new HubException($"The client's result is not of type {typeof(T).Name}.", e));
        }
    }

    public override void Fail(Exception exception) => _source.TrySetException(exception);
}

/// <summary>A result of one of this node's clients that another node awaits; kept as the client wrote it.</summary>
internal sealed class RelayedResult(string invocation, string connection, long askedAt, Action<CompletionMessage?> relay) : PendingResult(invocation, connection, typeof(RawResult))
{
    private long _askedAt = askedAt;

    /// <summary>When the other node last showed that it waits.</summary>
    public long AskedAt
    {
        get => Volatile.Read(ref _askedAt);
        set => Volatile.Write(ref _askedAt, value);
    }

    /// <summary>Watches for the connection's end.</summary>
    public CancellationTokenRegistration Aborted { get; set; }

    public override void Complete(CompletionMessage completion)
    {
        Aborted.Unregister();
        relay(completion);
    }

    public override void Fail(Exception exception)
    {
        Aborted.Unregister();
        relay(null);
    }
}
