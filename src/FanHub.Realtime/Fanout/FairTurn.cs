using System.Runtime.CompilerServices;

namespace FanHub.Realtime.Fanout;

/// <summary>Awaited, goes to the end of the thread pool's queue. <see cref="Task.Yield"/> goes to the front of its thread's own, before everything that has waited.</summary>
internal readonly struct FairTurn : ICriticalNotifyCompletion
{
    /// <summary>Never: others come first.</summary>
    public bool IsCompleted => false;

    /// <summary>The pattern that <c>await</c> asks for.</summary>
    public FairTurn GetAwaiter() => this;

    /// <summary>Nothing comes of it.</summary>
    public void GetResult()
    {
        // It cannot fail.
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static c => c(), continuation, preferLocal: false);
}
