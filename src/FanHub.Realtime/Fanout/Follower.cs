namespace FanHub.Realtime.Fanout;

/// <summary>A connection's place among a channel's followers.</summary>
internal sealed class Follower(string channel, FanConnection connection, FollowerShard shard, int delayMs)
{
    /// <summary>The channel's id.</summary>
    public string Channel => channel;

    /// <summary>Who follows.</summary>
    public FanConnection Connection => connection;

    /// <summary>Where it is.</summary>
    public FollowerShard Shard => shard;

    /// <summary>The language asked for; empty for each item's default.</summary>
    public string Locale => shard.Locale;

    /// <summary>How far the fan's video is behind, in ms, as the fan says.</summary>
    public int DelayMs => delayMs;

    /// <summary>Its index in the shard, so that leaving does not search. The shard's own.</summary>
    public int Index { get; set; }
}
