using FanHub.Contracts;
using FanHub.LoadTests.Fans;

namespace FanHub.LoadTests.Followers;

/// <summary>
/// Checks what one fan hears of a channel, over one connection after the other: each logged update once, in order, and nothing else. Used by one thread.
/// </summary>
/// <param name="log">What was published.</param>
/// <param name="heard">Called for each update that is heard for the first time, with its index, when it arrived, and whether it came live.</param>
internal sealed class LogFollower(PublishedLog log, Action<long, long, bool> heard)
{
    private SortedSet<long>? _holes;
    private long _next;
    private bool _begun;

    /// <summary>The channel.</summary>
    public string Channel => log.Channel;

    /// <summary>Updates that came after a later one.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>Updates that came again.</summary>
    public int Doubles { get; private set; }

    /// <summary>Logged updates that nobody published: another channel, epoch, item or version, or beyond the end.</summary>
    public int Strange { get; private set; }

    /// <summary>Notices that something was missed, or had to begin anew.</summary>
    public int Notices { get; private set; }

    /// <summary>Times that the fan came back and was given the snapshot, for the log no longer held what was missed.</summary>
    public int Snapshots { get; private set; }

    /// <summary>Items of those snapshots that were not in their newest version, or not there.</summary>
    public int StaleItems { get; private set; }

    /// <summary>Updates that lie before one that was heard, and were not heard themselves.</summary>
    public int Holes => _holes?.Count ?? 0;

    /// <summary>Published updates that were not heard, at the end or in between.</summary>
    public long Missing => Holes + Math.Max(0, log.Count - _next);

    /// <summary>The position to resume from; null before the first reply to <c>Follow</c>.</summary>
    public Position? Position => _begun ? log.PositionAfter(_next) : null;

    /// <summary>The reply to <c>Follow</c>: the first, or one that resumes.</summary>
    public void Take(FollowReply reply, long arrivedAt)
    {
        log.Begin(reply.Epoch, reply.Offset);
        if (!_begun)
        {
            _begun = true;
            _next = log.IndexOf(reply.Offset) + 1;
        }
        else if (!string.Equals(reply.Epoch, log.Epoch, StringComparison.Ordinal))
        {
            Strange++;
        }
        else if (reply.Recovered)
        {
            foreach (var update in reply.Updates.Where(u => u.Class == DeliveryClass.Logged))
            {
                Take(update, arrivedAt, live: false);
            }

            // What the reply says that it goes up to, it has to have brought.
            MarkHoles(log.IndexOf(reply.Offset) + 1);
        }
        else
        {
            TakeSnapshot(reply);
        }
    }

    /// <summary>Whether this is the channel's name, in UTF-8.</summary>
    public bool IsOf(ReadOnlySpan<byte> channel) => log.IsOf(channel);

    /// <summary>Takes a call from the server if another follower found it to be the very update that comes next.</summary>
    public bool HearKnown(ReadOnlySpan<byte> record, long arrivedAt)
    {
        if (!log.IsKnown(_next, record))
        {
            return false;
        }

        heard(_next++, arrivedAt, true);
        return true;
    }

    /// <summary>Takes a call from the server.</summary>
    public void Hear(ReadOnlySpan<byte> record, long arrivedAt)
    {
        if (HearKnown(record, arrivedAt))
        {
            return;
        }

        var updates = SignalRJson.ReadUpdates(record);
        foreach (var update in updates.Where(u => u.Class == DeliveryClass.Logged))
        {
            if (Take(update, arrivedAt, live: true) && updates.Count == 1)
            {
                log.Know(log.IndexOf(update.Offset), record);
            }
        }

        if (updates.Count == 0 && SignalRJson.ReadNotice(record) is not null)
        {
            Notices++;
        }
    }

    private bool Take(Update update, long arrivedAt, bool live)
    {
        var index = log.IndexOf(update.Offset);
        if (!_begun || !string.Equals(update.Channel, log.Channel, StringComparison.Ordinal) || !string.Equals(update.Epoch, log.Epoch, StringComparison.Ordinal) || !log.Is(index, update.Key, update.Version))
        {
            Strange++;
            return false;
        }

        if (index >= _next)
        {
            MarkHoles(index);
            _next = index + 1;
        }
        else if (_holes is not null && _holes.Remove(index))
        {
            OutOfOrder++;
        }
        else
        {
            Doubles++;
            return true;
        }

        heard(index, arrivedAt, live);
        return true;
    }

    private void MarkHoles(long to)
    {
        for (; _next < to; _next++)
        {
            (_holes ??= []).Add(_next);
        }
    }

    private void TakeSnapshot(FollowReply reply)
    {
        Snapshots++;
        var end = (int)Math.Min(log.IndexOf(reply.Offset) + 1, log.Count);
        var held = reply.Updates.Where(u => u.Class == DeliveryClass.Logged).ToDictionary(u => u.Key, u => u.Version, StringComparer.Ordinal);
        StaleItems += log.NewestOf(end).Count(item => !held.TryGetValue(item.Key, out var version) || version != item.Value);
        _next = Math.Max(_next, end);
        _holes = null;
    }
}
