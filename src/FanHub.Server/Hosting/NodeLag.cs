namespace FanHub.Server.Hosting;

/// <summary>
/// How far this node is behind: how long what has just been queued on the thread pool will wait there, as far as one can tell. Sockets are read and calls are made on the pool, so that
/// this is how long a fan waits before anybody looks at what the fan sent.
/// </summary>
internal sealed class NodeLag : IHostedService, IThreadPoolWorkItem, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _stopped = new();
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private long _queuedAt;
    private long _lastTicks;

    private readonly Action<IThreadPoolWorkItem> _queue;

    /// <summary>Creates it; it measures once it is started.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="queue">What is measured: by default the thread pool's queue.</param>
    public NodeLag(TimeProvider time, Action<IThreadPoolWorkItem>? queue = null)
    {
        _time = time;
        _queue = queue ?? (static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false));
        // A thread of its own: on the pool it would wait as long as everything else, and say nothing meanwhile.
        _thread = new Thread(Measure) { IsBackground = true, Name = "node lag", Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>The lag now.</summary>
    public TimeSpan Current
    {
        get
        {
            var last = TimeSpan.FromTicks(Volatile.Read(ref _lastTicks));
            return Volatile.Read(ref _queuedAt) is var queuedAt and not 0 && _time.GetElapsedTime(queuedAt) is var waiting && waiting > last ? waiting : last;
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopped.Set();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _lastTicks, _time.GetElapsedTime(Volatile.Read(ref _queuedAt)).Ticks);
        Volatile.Write(ref _queuedAt, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopped.Dispose();

    private void Measure()
    {
        while (!_stopped.Wait(Interval))
        {
            // One at a time: its wait is the answer, however long it is.
            if (Volatile.Read(ref _queuedAt) == 0)
            {
                Volatile.Write(ref _queuedAt, _time.GetTimestamp());
                _queue(this);
            }
        }
    }
}
