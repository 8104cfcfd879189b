using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Sockets;

/// <summary>Many connections on one thread, each with a conversation of its own.</summary>
internal sealed class LeanCrowd : IAsyncDisposable
{
    private const int AtOnce = 256;

    // Clients of SignalR ping every 15 s; here some do at every step, so that it is no burst.
    private const int PingSteps = 150;
    private static readonly TimeSpan PingStep = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LeanSocket> _sockets = [];

    private int _nextToPing;

    /// <summary>Nobody is there yet.</summary>
    public LeanCrowd(int count)
    {
        OpenFiles.Check(count);
        Loop.Post(Ping);
    }

    /// <summary>The thread that does everything.</summary>
    public SocketLoop Loop { get; } = new();

    /// <summary>Connections that broke though nobody here closed them, with the reason. To be read when nothing happens any more.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>Frames that were only a part of a message.</summary>
    public int Fragments => _sockets.Sum(s => s.Fragments);

    /// <summary>Lets everybody come, some hundreds at a time.</summary>
    /// <param name="members">Who comes; a member says by itself when it is there.</param>
    /// <param name="arrived">Called for each who is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task GatherAsync(IReadOnlyList<Conversation> members, Action arrived, CancellationToken cancellationToken)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (next, there) = (0, 0);
        Loop.Post(() =>
        {
            for (var i = 0; i < AtOnce; i++)
            {
                Next();
            }
        });
        await WaitAsync(all.Task, cancellationToken);

        void Next()
        {
            if (next == members.Count)
            {
                return;
            }

            var member = members[next++];
            member.Arrived = () =>
            {
                arrived();
                if (++there == members.Count)
                {
                    all.TrySetResult();
                }

                Next();
            };
            Connect(member);
        }
    }

    /// <summary>Lets one come, now. To be called on the loop's thread.</summary>
    public void Connect(Conversation member)
    {
        member.Lost ??= reason =>
        {
            Lost.Add(reason);
            if (member.Arrived is not null)
            {
                _failed.TrySetException(new LoadTestException($"A connection could not be made: {reason}"));
            }
        };
        var socket = new LeanSocket(Loop, member);
        _sockets.Add(socket);
        socket.Connect(member.Number, member.Port, member.Path, member.ReceiveBuffer);
    }

    /// <summary>Closes every connection.</summary>
    public Task LeaveAsync() => Loop.AskAsync(() =>
    {
        foreach (var socket in _sockets)
        {
            socket.Close();
        }

        return true;
    });

    /// <summary>Waits for something that the crowd does; fails where it cannot any more.</summary>
    public async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        await await Task.WhenAny(task, _failed.Task, Loop.Ended).WaitAsync(cancellationToken);
        if (!task.IsCompleted)
        {
            throw new InvalidOperationException("The crowd has left.");
        }
    }

    /// <summary>The same, for so long at most.</summary>
    public async Task WaitAsync(Task task, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(task, cancellationToken).WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new LoadTestException($"{what} took more than {limit.TotalSeconds:0} s.{(Lost.Count > 0 ? $" {Lost.Count} connections broke: {Lost[0]}" : "")}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Loop.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Ping()
    {
        for (var i = (_sockets.Count + PingSteps - 1) / PingSteps; i > 0; i--)
        {
            _nextToPing = (_nextToPing + 1) % _sockets.Count;
            _sockets[_nextToPing].Ping();
        }

        Loop.After(PingStep, Ping);
    }
}
