using System.Collections.Concurrent;

namespace FanHub.Server.Cheers;

/// <summary>How fans of this node have tapped since the board was last told. A tap costs an addition: nothing is made for it, and nobody waits.</summary>
internal sealed class CheerTaps
{
    // Never shorter again: there are as many as editors made channels, and names of reactions in them.
    private readonly ConcurrentDictionary<string, ChannelTaps> _channels = new(StringComparer.Ordinal);

    /// <summary>Those of a channel. To be asked only for channels that there are.</summary>
    public ChannelTaps Of(string channel) => _channels.TryGetValue(channel, out var taps) ? taps : _channels.GetOrAdd(channel, static c => new ChannelTaps(c));

    /// <summary>Takes what was tapped since the last call, for each channel and reaction; what was not tapped is not in it.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, long>> Take()
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal);
        foreach (var (channel, taps) in _channels)
        {
            if (taps.Take() is { Count: > 0 } taken)
            {
                all[channel] = taken;
            }
        }

        return all;
    }
}

/// <summary>How fans of this node have tapped in one channel.</summary>
/// <param name="channel">The channel's id.</param>
internal sealed class ChannelTaps(string channel)
{
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <summary>The key of the item that says how fans may cheer there.</summary>
    public string ItemKey { get; } = ReactionsItems.Key(channel);

    /// <summary>Adds taps. To be called only for reactions that the channel has.</summary>
    public void Add(string reaction, int taps)
    {
        if (!_counters.TryGetValue(reaction, out var counter))
        {
            counter = _counters.GetOrAdd(reaction, static _ => new Counter());
        }

        Interlocked.Add(ref counter.Taps, taps);
    }

    /// <summary>Takes what was tapped since the last call.</summary>
    public Dictionary<string, long> Take()
    {
        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (reaction, counter) in _counters)
        {
            if (Interlocked.Exchange(ref counter.Taps, 0) is > 0 and var taps)
            {
                taken[reaction] = taps;
            }
        }

        return taken;
    }

    private sealed class Counter
    {
        public long Taps;
    }
}
