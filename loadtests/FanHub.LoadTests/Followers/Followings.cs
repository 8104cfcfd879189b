namespace FanHub.LoadTests.Followers;

/// <summary>Who of a crowd follows which channels, both by number.</summary>
internal sealed class Followings
{
    private readonly List<int>[] _channels;
    private readonly int[] _followers;

    private Followings(int fans, int channels)
    {
        _channels = new List<int>[fans];
        for (var fan = 0; fan < fans; fan++)
        {
            _channels[fan] = [];
        }

        _followers = new int[channels];
    }

    /// <summary>How many channels there are.</summary>
    public int Channels => _followers.Length;

    /// <summary>How many follow a channel.</summary>
    public int FollowersOf(int channel) => _followers[channel];

    /// <summary>What a fan follows, in ascending order.</summary>
    public IReadOnlyList<int> ChannelsOf(int fan) => _channels[fan];

    /// <summary>Each fan follows one channel: neighbours follow neighbours.</summary>
    public static Followings OneEach(int fans, int channels)
    {
        var made = new Followings(fans, channels);
        for (var fan = 0; fan < fans; fan++)
        {
            made.Add(fan, fan % channels);
        }

        return made;
    }

    /// <summary>
    /// Each channel is followed by exactly so many fans, and each fan follows as many channels as any other, or one more. A channel's followers are neighbours in a circle, so that
    /// they are on all nodes, and no two channels' are the same unless there are more channels than fans. Those of the next channel are others altogether, where that can be: updates
    /// to one channel after the other go round and round the circle, however many channels there are.
    /// </summary>
    public static Followings OfSize(int fans, int channels, int followers)
    {
        var made = new Followings(fans, channels);
        var step = ChannelsPerFan(fans, channels, followers);
        while (GreatestCommonDivisor(step, channels) > 1)
        {
            step++;
        }

        for (var channel = 0; channel < channels; channel++)
        {
            var first = (long)channel * step % channels * fans / channels;
            for (var i = 0; i < followers; i++)
            {
                made.Add((int)((first + i) % fans), channel);
            }
        }

        return made;
    }

    /// <summary>How many channels a fan follows at most, where each channel has so many followers.</summary>
    public static int ChannelsPerFan(int fans, int channels, int followers) => (int)((((long)channels * followers) + fans - 1) / fans);

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private void Add(int fan, int channel)
    {
        _channels[fan].Add(channel);
        _followers[channel]++;
    }
}
