using FanHub.Contracts;

namespace FanHub.LoadTests.Feeds;

/// <summary>Checks what one connection hears of one channel: its log without hole or double, and of no item an older version after a newer one.</summary>
/// <param name="heard">Called for every update that is new, in order; those of the first reply among them.</param>
internal sealed class ChannelWatch(Action<FeedUpdate, long> heard)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Item, long Source, bool There)> _items = new(StringComparer.Ordinal);
    private List<(FeedUpdate Update, long ArrivedAt)>? _early = [];
    private string _epoch = "";
    private long _offset;

    /// <summary>Places in the log that were passed over.</summary>
    public long Holes { get; private set; }

    /// <summary>Updates of a place in the log that was heard before.</summary>
    public int Doubles { get; private set; }

    /// <summary>Updates of an item that are not newer than what was heard of it.</summary>
    public int Older { get; private set; }

    /// <summary>Updates of another life of the log.</summary>
    public int Strange { get; private set; }

    /// <summary>The source's version that was heard last of an item; 0 where there was none.</summary>
    public long VersionOf(string key)
    {
        lock (_gate)
        {
            return _items.GetValueOrDefault(key).Source;
        }
    }

    /// <summary>Whether the item is there.</summary>
    public bool Holds(string key)
    {
        lock (_gate)
        {
            return _items.GetValueOrDefault(key).There;
        }
    }

    /// <summary>The reply to <c>Follow</c>.</summary>
    public void Begin(FollowReply reply, long arrivedAt)
    {
        lock (_gate)
        {
            (_epoch, _offset) = (reply.Epoch, reply.Offset);
            foreach (var update in reply.Updates.Select(FeedUpdate.Of))
            {
                Take(update, arrivedAt);
            }

            foreach (var (update, at) in _early ?? [])
            {
                Next(update, at);
            }

            _early = null;
        }
    }

    /// <summary>An update of this channel. Those that come before whoever called <c>Follow</c> has read the reply wait.</summary>
    public void Hear(FeedUpdate update, long arrivedAt)
    {
        lock (_gate)
        {
            if (_early is not null)
            {
                _early.Add((update, arrivedAt));
                return;
            }

            Next(update, arrivedAt);
        }
    }

    private void Next(FeedUpdate update, long arrivedAt)
    {
        if (!string.Equals(update.Epoch, _epoch, StringComparison.Ordinal))
        {
            Strange++;
            return;
        }

        if (update.IsLogged)
        {
            if (update.Offset <= _offset)
            {
                Doubles++;
                return;
            }

            Holes += update.Offset - _offset - 1;
            _offset = update.Offset;
        }

        Take(update, arrivedAt);
    }

    private void Take(FeedUpdate update, long arrivedAt)
    {
        var known = _items.GetValueOrDefault(update.Key);
        // An item that was taken away has no source's version; one that comes back may have the same.
        if (update.ItemVersion <= known.Item || update.Version < known.Source)
        {
            Older++;
            return;
        }

        _items[update.Key] = (update.ItemVersion, update.Version ?? known.Source, update.IsThere);
        heard(update, arrivedAt);
    }
}
