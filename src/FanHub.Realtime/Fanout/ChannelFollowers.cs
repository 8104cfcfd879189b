using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Realtime.Fanout;

/// <summary>
/// The connections of this node that follow one channel, in shards by the language asked for. Who comes and goes does so under its owner's lock; deliveries walk the shards
/// without it, one delivery at a time.
/// </summary>
/// <param name="channel">The channel's id.</param>
/// <param name="walkers">How many shards are walked at the same time, at most.</param>
internal sealed class ChannelFollowers(string channel, int walkers)
{
    private const int MaxLocales = 4_096;
    // To send to these takes less than to wake a thread that does it.
    private const int Handful = 8;

    private readonly Dictionary<string, List<FollowerShard>> _byLocale = new(StringComparer.OrdinalIgnoreCase);
    private FollowerShard[] _shards = [];
    private int _count;

    /// <summary>How many there are; may be read without the lock.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether they are so few that whoever brings an update had best deliver it there and then; may be read without the lock.</summary>
    public bool AreFew => Count <= Handful;

    /// <summary>How many follow in which language.</summary>
    public IReadOnlyDictionary<string, int> ByLocale() => _byLocale.ToDictionary(g => g.Key, g => g.Value.Sum(s => s.Count), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an entry is for a connection's eyes; for nobody's in particular, where there is none.</summary>
    public static bool Sees(FanConnection? connection, EncodedEntry entry) => entry.Entry.Item.Gate is not { } gate || (connection is not null && connection.HasGate(gate));

    /// <summary>Adds a connection that does not follow yet.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="locale">The language asked for; empty for each item's default.</param>
    /// <param name="delayMs">How far the fan's video is behind, in ms.</param>
    /// <param name="since">The change of the channel up to which the connection is told in another way.</param>
    public void Add(FanConnection connection, string locale, int delayMs, long since)
    {
        if (!_byLocale.TryGetValue(locale, out var shards))
        {
            // Made-up languages must not make made-up work; past any real number of them the items' default serves.
            locale = _byLocale.Count < MaxLocales ? locale : "";
            shards = _byLocale.TryGetValue(locale, out var existing) ? existing : _byLocale[locale] = [];
        }

        if (shards.Find(static s => s.HasRoom) is not { } shard)
        {
            shard = new FollowerShard(locale);
            shards.Add(shard);
            Volatile.Write(ref _shards, [.. _shards, shard]);
        }

        var follower = new Follower(channel, connection, shard, delayMs);
        shard.Add(follower, since);
        connection.Following.Add(follower);
        _count++;
    }

    /// <summary>Takes a connection away. Harmless for one that does not follow.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Remove(FanConnection connection)
    {
        if (connection.Following.Remove(channel) is not { } follower)
        {
            return false;
        }

        var shard = follower.Shard;
        if (shard.Remove(follower) == 0)
        {
            Volatile.Write(ref _shards, Array.FindAll(_shards, s => s != shard));
            var shards = _byLocale[shard.Locale];
            shards.Remove(shard);
            if (shards.Count == 0)
            {
                _byLocale.Remove(shard.Locale);
            }
        }

        _count--;
        return _count == 0;
    }

    /// <summary>Sends an entry to everybody whom it is for: one frame for each language. Not to be called again before it is done.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="change">Its number among the channel's changes: who has been told up to it, or further, is left out.</param>
    public ValueTask DeliverAsync(EncodedEntry entry, long change) => WalkAsync(shard => shard.Deliver(entry, change));

    /// <summary>Tells everybody to start again from the snapshot that comes right behind.</summary>
    public ValueTask ResyncAsync(ChannelHead head, IReadOnlyList<EncodedEntry> items, long change)
    {
        var notice = Frame.Notice(new Notice(NoticeCodes.Resync, "The channel starts again from a snapshot.", Channel: channel, Epoch: head.Epoch, Offset: head.Offset));
        return WalkAsync(shard => shard.Resync(notice, items, change));
    }

    private async ValueTask WalkAsync(Action<FollowerShard> visit)
    {
        var shards = Volatile.Read(ref _shards);
        if (shards.Length <= 1 || AreFew)
        {
            foreach (var shard in shards)
            {
                visit(shard);
            }

            return;
        }

        var walk = new Walk(shards, visit);
        var others = new Task[Math.Min(walkers, shards.Length) - 1];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = Task.Run(walk.RunAsync);
        }

        await walk.RunAsync();
        await Task.WhenAll(others);
    }

    /// <summary>Shards being walked by one or several at a time, each by whoever is free.</summary>
    private sealed class Walk(FollowerShard[] shards, Action<FollowerShard> visit)
    {
        private int _next = -1;

        public async Task RunAsync()
        {
            for (var first = true; Interlocked.Increment(ref _next) is var next && next < shards.Length; first = false)
            {
                if (!first)
                {
                    // Ballots that came in meanwhile get their turn: a whole channel at a stretch would keep a core from them for as long as it takes.
                    await new FairTurn();
                }

                visit(shards[next]);
            }
        }
    }
}
