using FanHub.Contracts;
using FanHub.LoadTests.Fans;

namespace FanHub.LoadTests.Scenarios;

/// <summary>Checks what one connection hears of a channel: each expected update once, in order, and nothing else.</summary>
/// <param name="expected">What is to be heard.</param>
/// <param name="heard">Called for each expected update that is heard for the first time.</param>
internal sealed class Follower(ExpectedUpdates expected, Action<int, long> heard)
{
    private readonly System.Collections.BitArray _heard = new(expected.Count);
    private Position? _start;
    private int _next;

    /// <summary>Updates that came after a later one.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>Updates that came again.</summary>
    public int Doubles { get; private set; }

    /// <summary>Logged updates that nobody published: another item, another version, another epoch, beyond the end.</summary>
    public int Strange { get; private set; }

    /// <summary>Notices that something was missed, or had to begin anew.</summary>
    public int Notices { get; private set; }

    /// <summary>Expected updates that never came.</summary>
    public int Missing
    {
        get
        {
            var missing = 0;
            for (var i = 0; i < expected.Count; i++)
            {
                missing += _heard[i] ? 0 : 1;
            }

            return missing;
        }
    }

    /// <summary>The reply to <c>Follow</c>: what is expected begins right after it. Nothing may be published before everybody has it.</summary>
    public void Begin(FollowReply reply) => Volatile.Write(ref _start, new Position(reply.Epoch, reply.Offset));

    /// <summary>Takes a call from the server. Called by one thread at a time.</summary>
    public void Hear(ReadOnlySpan<byte> record, long arrivedAt)
    {
        if (expected.IsKnown(_next, record))
        {
            Take(_next, arrivedAt);
            return;
        }

        var updates = SignalRJson.ReadUpdates(record);
        foreach (var update in updates.Where(u => u.Class == DeliveryClass.Logged))
        {
            if (IndexOf(update) is not { } index)
            {
                Strange++;
                continue;
            }

            if (updates.Count == 1)
            {
                expected.Know(index, record);
            }

            Take(index, arrivedAt);
        }

        if (updates.Count == 0 && SignalRJson.ReadNotice(record) is not null)
        {
            Notices++;
        }
    }

    private int? IndexOf(Update update)
    {
        if (Volatile.Read(ref _start) is not { } start
            || !string.Equals(update.Channel, expected.Channel, StringComparison.Ordinal)
            || !string.Equals(update.Epoch, start.Epoch, StringComparison.Ordinal))
        {
            return null;
        }

        var index = update.Offset - start.Offset - 1;
        return index >= 0 && index < expected.Count && expected[(int)index] == (update.Key, update.Version) ? (int)index : null;
    }

    private void Take(int index, long arrivedAt)
    {
        if (_heard[index])
        {
            Doubles++;
            return;
        }

        _heard[index] = true;
        if (index < _next)
        {
            OutOfOrder++;
        }

        _next = Math.Max(_next, index + 1);
        heard(index, arrivedAt);
    }
}
