namespace FanHub.Realtime.Fanout;

/// <summary>What one connection follows. Few channels each, and very many connections: an array serves better than a table.</summary>
internal sealed class FollowedChannels
{
    private Follower[] _followers = [];

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _followers).Length;

    /// <summary>The channels at this moment.</summary>
    public IReadOnlyList<string> Names => Array.ConvertAll(Volatile.Read(ref _followers), f => f.Channel);

    /// <summary>The place among a channel's followers; null where it is not followed.</summary>
    public Follower? Find(string channel)
    {
        foreach (var follower in Volatile.Read(ref _followers))
        {
            if (string.Equals(follower.Channel, channel, StringComparison.Ordinal))
            {
                return follower;
            }
        }

        return null;
    }

    /// <summary>Adds a channel that is not followed.</summary>
    public void Add(Follower follower)
    {
        lock (this)
        {
            Volatile.Write(ref _followers, [.. _followers, follower]);
        }
    }

    /// <summary>Takes a channel out.</summary>
    /// <returns>What was known of it; null where it was not followed.</returns>
    public Follower? Remove(string channel)
    {
        lock (this)
        {
            var follower = Find(channel);
            if (follower is not null)
            {
                Volatile.Write(ref _followers, Array.FindAll(_followers, f => f != follower));
            }

            return follower;
        }
    }
}
