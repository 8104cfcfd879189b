using System.Collections.Concurrent;
using FanHub.Contracts;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>All followers of a channel, and what they heard together.</summary>
internal sealed class Audience
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly Follower[] _followers;
    private readonly ConcurrentDictionary<Position, int> _starts = new();
    private readonly int _updates;
    private readonly int _unmeasured;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _awaited = long.MaxValue;
    private long _heard;

    /// <summary>So many followers of those updates, the first of which are not measured.</summary>
    public Audience(ExpectedUpdates expected, int followers, int unmeasured)
    {
        _updates = expected.Count;
        _unmeasured = unmeasured;
        _followers = [.. Enumerable.Range(0, followers).Select(_ => new Follower(expected, Heard))];

        void Heard(int index, long arrivedAt)
        {
            if (index >= _unmeasured)
            {
                Delays.Add(expected.DelayOf(index, arrivedAt));
            }

            if (Interlocked.Increment(ref _heard) >= Interlocked.Read(ref _awaited))
            {
                Volatile.Read(ref _reached).TrySetResult();
            }
        }
    }

    /// <summary>How long the measured updates took to arrive.</summary>
    public Histogram Delays { get; } = new();

    /// <summary>A follower by number.</summary>
    public Follower this[int number] => _followers[number];

    /// <summary>A follower is there.</summary>
    public void Arrived(int number, FollowReply reply)
    {
        _followers[number].Begin(reply);
        _starts.AddOrUpdate(new Position(reply.Epoch, reply.Offset), 1, (_, count) => count + 1);
    }

    /// <summary>Waits until everybody has heard so many of the updates, or nobody has heard any for some time.</summary>
    public async Task WaitAsync(int updates, TimeSpan silence, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _reached, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.Exchange(ref _awaited, (long)updates * _followers.Length);
        var (heard, quiet) = (-1L, TimeSpan.Zero);
        while (Interlocked.Read(ref _heard) is var now && now < Interlocked.Read(ref _awaited) && quiet < silence)
        {
            quiet = now == heard ? quiet + Look : TimeSpan.Zero;
            heard = now;
            await Task.WhenAny(_reached.Task, Task.Delay(Look, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>What had to hold. To be asked when everybody has left.</summary>
    public IReadOnlyList<Check> Checks(IReadOnlyList<string> lost) =>
    [
        new("All follow from the same place in the log.", _starts.Count == 1, string.Join(", ", _starts.Select(s => FormattableString.Invariant($"{s.Value:N0} at {s.Key.Offset}")))),
        new("No connection was lost.", lost.Count == 0, lost.Count == 0 ? "0" : FormattableString.Invariant($"{lost.Count:N0}, the first one: {lost[0]}")),
        Check.Equal("Every update reached every connection.", (long)_updates * _followers.Length, Interlocked.Read(ref _heard)),
        Check.Equal("No hole: missing updates.", 0, _followers.Sum(f => (long)f.Missing)),
        Check.Equal("No double: updates that came twice.", 0, _followers.Sum(f => (long)f.Doubles)),
        Check.Equal("In order: updates after a later one.", 0, _followers.Sum(f => (long)f.OutOfOrder)),
        Check.Equal("Nothing that was not published.", 0, _followers.Sum(f => (long)f.Strange)),
        Check.Equal("No notices (slow, stale, resync).", 0, _followers.Sum(f => (long)f.Notices)),
    ];
}
