using FanHub.Contracts;

namespace FanHub.Client;

/// <summary>What a client holds of a channel: a map of items, and where in the log it is true. Safe to read from any thread.</summary>
public sealed class ChannelView
{
    private const int MaxEarly = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Update> _items = new(StringComparer.Ordinal);
    private List<Update>? _early;
    private long _resyncOffset;

    internal ChannelView(string channel) => Channel = channel;

    /// <summary>Called for every update that changed the view, in order, one at a time; keep it short.</summary>
    public event Action<Update>? Changed;

    /// <summary>Called when the view was replaced by a snapshot.</summary>
    public event Action<Position>? Replaced;

    /// <summary>The channel.</summary>
    public string Channel { get; }

    /// <summary>Where the view is true; null before the first reply.</summary>
    public Position? Position { get; private set; }

    /// <summary>A copy of the items by key.</summary>
    public IReadOnlyDictionary<string, Update> Items
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, Update>(_items, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>An item by key, or null.</summary>
    public Update? Find(string key)
    {
        lock (_lock)
        {
            return _items.GetValueOrDefault(key);
        }
    }

    /// <summary>A reply to <c>Follow</c> is on its way: what overtakes it on this side waits.</summary>
    internal void ExpectReply()
    {
        lock (_lock)
        {
            _early = [];
        }
    }

    /// <returns>False where updates are missing: follow again.</returns>
    internal bool Apply(FollowReply reply)
    {
        lock (_lock)
        {
            if (!reply.Recovered)
            {
                _items.Clear();
            }

            foreach (var update in reply.Updates)
            {
                Put(update);
            }

            Position = new Position(reply.Epoch, reply.Offset);
            _resyncOffset = reply.Offset;
            if (!reply.Recovered)
            {
                Replaced?.Invoke(Position);
            }

            var early = _early ?? [];
            _early = null;
            return early.TrueForAll(Apply);
        }
    }

    /// <returns>False where updates are missing: follow again.</returns>
    internal bool Receive(Update update)
    {
        lock (_lock)
        {
            if (_early is not null)
            {
                if (_early.Count < MaxEarly)
                {
                    _early.Add(update);
                }

                return true;
            }

            return Apply(update);
        }
    }

    internal void Resync(Position position)
    {
        lock (_lock)
        {
            if (_early is not null)
            {
                // The reply that is on its way is about the time before; what comes after it starts from here.
                _early.Clear();
            }

            _items.Clear();
            Position = position;
            _resyncOffset = position.Offset;
            Replaced?.Invoke(position);
        }
    }

    private bool Apply(Update update)
    {
        if (Position is null || !string.Equals(update.Epoch, Position.Epoch, StringComparison.Ordinal))
        {
            return false;
        }

        switch (update.Class)
        {
            case DeliveryClass.Logged when update.Offset == Position.Offset + 1:
                Position = Position with { Offset = update.Offset };
                Put(update);
                return true;
            case DeliveryClass.Logged when update.Offset <= Position.Offset:
                // Part of a snapshot that follows a resync, or something held already.
                if (update.Offset <= _resyncOffset && !_items.ContainsKey(update.Key))
                {
                    Put(update);
                }

                return true;
            case DeliveryClass.Logged:
                return false;
            case DeliveryClass.Latest:
                Put(update);
                return true;
            default:
                Changed?.Invoke(update);
                return true;
        }
    }

    private void Put(Update update)
    {
        if (update.Class == DeliveryClass.Latest && _items.TryGetValue(update.Key, out var held) && held.Version >= update.Version)
        {
            return;
        }

        if (update.Data is null)
        {
            _items.Remove(update.Key);
        }
        else
        {
            _items[update.Key] = update;
        }

        Changed?.Invoke(update);
    }
}
