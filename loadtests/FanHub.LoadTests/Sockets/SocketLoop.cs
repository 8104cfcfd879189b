using System.Collections.Concurrent;
using System.Diagnostics;

namespace FanHub.LoadTests.Sockets;

/// <summary>One thread that does everything for thousands of sockets: connects, reads, and whatever else is to be done at some moment. Nothing that belongs to it needs a lock.</summary>
internal sealed class SocketLoop : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private const int Wake = -1;

    private readonly Epoll _epoll = new();
    private readonly int _wake = Epoll.Checked(Libc.EventFile(0, Libc.NonBlocking | Libc.CloseOnExec), "eventfd");
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly PriorityQueue<Action, long> _planned = new();
    private readonly List<LeanSocket?> _sockets = [];
    private readonly Stack<int> _free = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <summary>Starts it.</summary>
    public SocketLoop()
    {
        _epoll.Watch(_wake, Libc.Readable, Wake, isNew: true);
        _thread = new Thread(Run) { IsBackground = true, Name = "sockets" };
        _thread.Start();
    }

    /// <summary>Bytes are read into this, by one socket after the other.</summary>
    internal byte[] Buffer { get; } = new byte[BufferSize];

    /// <summary>Fails where the loop broke; nothing that was asked of it then happens.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Has something done by the loop's thread, from any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _ = Libc.Write(_wake, 1, sizeof(ulong));
    }

    /// <summary>Has something done by the loop's thread, and waits for it.</summary>
    public async Task<T> AskAsync<T>(Func<T> ask)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(ask());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        await Task.WhenAny(answer.Task, Ended);
        return answer.Task.IsCompleted ? await answer.Task : throw new InvalidOperationException("The loop has ended.", Ended.Exception);
    }

    /// <summary>Has something done at a moment, in stopwatch ticks. To be called on the loop's thread.</summary>
    public void At(long moment, Action action) => _planned.Enqueue(action, moment);

    /// <summary>Has something done after some time. To be called on the loop's thread.</summary>
    public void After(TimeSpan time, Action action) => At(Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency), action);

    /// <summary>Gives a socket its place.</summary>
    internal int Add(LeanSocket socket)
    {
        if (_free.TryPop(out var place))
        {
            _sockets[place] = socket;
            return place;
        }

        _sockets.Add(socket);
        return _sockets.Count - 1;
    }

    /// <summary>Watches a socket's file.</summary>
    internal void Watch(int file, uint interest, int place, bool isNew) => _epoll.Watch(file, interest, place, isNew);

    /// <summary>A socket has been closed: its place may be another's, but not before everything is done that was found with it.</summary>
    internal void Remove(int place)
    {
        _sockets[place] = null;
        Post(() => _free.Push(place));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _ = Libc.Write(_wake, 1, sizeof(ulong));
        _thread.Join();
        _ = Libc.Close(_wake);
        _epoll.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                var found = _epoll.Wait(Patience());
                for (var i = 0; i < found; i++)
                {
                    var (what, place) = _epoll[i];
                    if (place == Wake)
                    {
                        _ = Libc.Read(_wake, out _, sizeof(ulong));
                    }
                    else
                    {
                        _sockets[place]?.Happened(what);
                    }
                }

                DoPlanned();
                while (_posted.TryDequeue(out var action))
                {
                    action();
                }
            }

            foreach (var socket in _sockets)
            {
                socket?.Close();
            }

            _ended.SetResult();
        }
        catch (Exception e)
        {
            // Whoever waits for something that this thread was to do must learn why it never happens.
            _ended.SetException(e);
        }
    }

    private int Patience()
    {
        if (!_posted.IsEmpty)
        {
            return 0;
        }

        return _planned.TryPeek(out _, out var next) ? (int)Math.Clamp((next - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency, 0, 1000) : -1;
    }

    private void DoPlanned()
    {
        if (_planned.Count == 0)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        while (_planned.TryPeek(out var action, out var moment) && moment <= now)
        {
            _planned.Dequeue();
            action();
        }
    }
}
