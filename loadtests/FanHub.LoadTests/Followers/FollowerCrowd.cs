using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Followers;

/// <summary>Fans who follow channels, and what arrived at them.</summary>
internal sealed class FollowerCrowd
{
    private FollowerCrowd(IReadOnlyList<ChannelFollower> members, Arrivals arrivals) => (Members, Arrivals) = (members, arrivals);

    /// <summary>The fans.</summary>
    public IReadOnlyList<ChannelFollower> Members { get; }

    /// <summary>What arrived.</summary>
    public Arrivals Arrivals { get; }

    /// <summary>Starts sessions for so many fans, spread evenly over the nodes.</summary>
    public static async Task<IReadOnlyList<(Uri Node, string Token)>> StartSessionsAsync(LoadOptions options, Stages stages, int count, CancellationToken cancellationToken)
    {
        var tokens = await Sessions.StartAsync(options.Nodes, count, stages.Begin("start sessions", count), cancellationToken);
        return [.. tokens.Select((token, i) => (options.Nodes[i % options.Nodes.Count], token))];
    }

    /// <summary>What each of them heard of each channel.</summary>
    public IEnumerable<LogFollower> Followers => Members.SelectMany(m => m.Followers);

    /// <summary>Makes fans of sessions.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="channels">What each fan, by number, follows.</param>
    /// <param name="isOther">Whether a fan's updates, by number, are not counted.</param>
    public static FollowerCrowd Make(IReadOnlyList<(Uri Node, string Token)> sessions, Func<int, IEnumerable<PublishedLog>> channels, Func<int, bool>? isOther = null)
    {
        var arrivals = new Arrivals();
        var counted = new Dictionary<PublishedLog, Action<long, long, bool>>();
        return new FollowerCrowd([.. sessions.Select((session, i) => new ChannelFollower(i, session.Node, session.Token, [.. channels(i).Select(log => One(i, log))]))], arrivals);

        LogFollower One(int i, PublishedLog log) => new(log, isOther is not null && isOther(i) ? (_, _, _) => { } : Counted(log));

        // There may be many fans for each channel, and many channels for each fan: all of a channel share one.
        Action<long, long, bool> Counted(PublishedLog log)
        {
            if (!counted.TryGetValue(log, out var heard))
            {
                counted[log] = heard = (index, arrivedAt, live) => arrivals.Add(live ? log.DelayOf(index, arrivedAt) : null, arrivedAt);
            }

            return heard;
        }
    }
}
