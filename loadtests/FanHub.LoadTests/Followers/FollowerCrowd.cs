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

    /// <summary>Makes fans of sessions.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="channel">What each fan, by number, follows.</param>
    /// <param name="isOther">Whether a fan's updates, by number, are not counted.</param>
    public static FollowerCrowd Make(IReadOnlyList<(Uri Node, string Token)> sessions, Func<int, PublishedLog> channel, Func<int, bool>? isOther = null)
    {
        var arrivals = new Arrivals();
        return new FollowerCrowd([.. sessions.Select((session, i) => One(i, session, channel(i)))], arrivals);

        ChannelFollower One(int i, (Uri Node, string Token) session, PublishedLog log)
        {
            var counts = isOther is null || !isOther(i);
            return new ChannelFollower(i, session.Node, session.Token, log.Channel, new LogFollower(log, (index, arrivedAt, live) =>
            {
                if (counts)
                {
                    arrivals.Add(live ? log.DelayOf(index, arrivedAt) : null, arrivedAt);
                }
            }));
        }
    }
}
