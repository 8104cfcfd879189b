using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Realtime.Fanout;

/// <summary>The connections of this node that follow one channel, together by the language asked for. Used under its owner's lock.</summary>
/// <param name="channel">The channel's id.</param>
internal sealed class ChannelFollowers(string channel)
{
    private const int MaxLocales = 4_096;

    private readonly Dictionary<string, List<Follower>> _groups = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    /// <summary>How many there are; may be read without the lock.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many follow in which language.</summary>
    public IReadOnlyDictionary<string, int> ByLocale() => _groups.Where(g => g.Value.Count > 0).ToDictionary(g => g.Key, g => g.Value.Count, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an entry is for a connection's eyes; for nobody's in particular, where there is none.</summary>
    public static bool Sees(FanConnection? connection, EncodedEntry entry) => entry.Entry.Item.Gate is not { } gate || (connection is not null && connection.HasGate(gate));

    /// <summary>Adds a connection that does not follow yet.</summary>
    public void Add(FanConnection connection, string locale, int delayMs)
    {
        if (!_groups.TryGetValue(locale, out var group))
        {
            // Made-up languages must not make made-up work; past any real number of them the items' default serves.
            locale = _groups.Count < MaxLocales ? locale : "";
            group = _groups.TryGetValue(locale, out var existing) ? existing : _groups[locale] = [];
        }

        var follower = new Follower(connection, locale, group) { Index = group.Count, DelayMs = delayMs };
        group.Add(follower);
        connection.Following[channel] = follower;
        _count++;
    }

    /// <summary>Takes a connection away. Harmless for one that does not follow.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Remove(FanConnection connection)
    {
        if (!connection.Following.TryRemove(channel, out var follower))
        {
            return false;
        }

        var last = follower.Group[^1];
        follower.Group[follower.Index] = last;
        last.Index = follower.Index;
        follower.Group.RemoveAt(follower.Group.Count - 1);
        if (follower.Group.Count == 0)
        {
            _groups.Remove(follower.Locale);
        }

        _count--;
        return _count == 0;
    }

    /// <summary>Sends an entry to everybody whom it is for: one frame for each language.</summary>
    public void Deliver(EncodedEntry entry)
    {
        var gate = entry.Entry.Item.Gate;
        foreach (var (locale, group) in _groups)
        {
            var frame = entry.Frame(locale);
            foreach (var follower in group)
            {
                if (gate is null || follower.Connection.HasGate(gate))
                {
                    follower.Connection.Send(frame);
                }
            }
        }
    }

    /// <summary>Tells everybody to start again from the snapshot that comes right behind.</summary>
    public void Resync(ChannelHead head, IReadOnlyList<EncodedEntry> items)
    {
        var notice = Frame.Notice(new Notice(NoticeCodes.Resync, "The channel starts again from a snapshot.", Channel: channel, Epoch: head.Epoch, Offset: head.Offset));
        foreach (var (locale, group) in _groups)
        {
            foreach (var follower in group)
            {
                follower.Connection.Send(notice);
                foreach (var item in items.Where(i => Sees(follower.Connection, i)))
                {
                    follower.Connection.Send(item.Frame(locale));
                }
            }
        }
    }
}

/// <summary>A connection's place among a channel's followers.</summary>
internal sealed class Follower(FanConnection connection, string locale, List<Follower> group)
{
    public FanConnection Connection => connection;

    /// <summary>The language asked for; empty for each item's default.</summary>
    public string Locale => locale;

    public List<Follower> Group => group;

    /// <summary>How far the fan's video is behind, in ms, as the fan says.</summary>
    public int DelayMs { get; init; }

    /// <summary>Its index in the group, so that leaving does not search.</summary>
    public int Index { get; set; }
}
