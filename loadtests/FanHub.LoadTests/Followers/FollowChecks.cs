using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Followers;

/// <summary>What has to hold for everybody who followed.</summary>
internal static class FollowChecks
{
    /// <summary>Makes the checks. To be asked when nothing is on its way any more.</summary>
    /// <param name="followers">What each heard.</param>
    /// <param name="expected">How many updates they should have heard together.</param>
    /// <param name="lost">Connections that broke, with the reason.</param>
    public static IReadOnlyList<Check> Make(IReadOnlyCollection<LogFollower> followers, long expected, IReadOnlyList<string> lost) =>
    [
        new("No connection was lost.", lost.Count == 0, lost.Count == 0 ? "0" : FormattableString.Invariant($"{lost.Count:N0}, the first one: {lost[0]}")),
        Check.Equal("Every update reached every connection.", expected, expected - followers.Sum(f => f.Missing)),
        .. Sound(followers),
        Check.Equal("No notices (slow, stale, resync).", 0, followers.Sum(f => (long)f.Notices)),
    ];

    /// <summary>The checks that also hold for those who were away meanwhile.</summary>
    public static IReadOnlyList<Check> Sound(IReadOnlyCollection<LogFollower> followers) =>
    [
        Check.Equal("No hole: missing updates.", 0, followers.Sum(f => f.Missing)),
        Check.Equal("No double: updates that came twice.", 0, followers.Sum(f => (long)f.Doubles)),
        Check.Equal("In order: updates after a later one.", 0, followers.Sum(f => (long)f.OutOfOrder)),
        Check.Equal("Nothing that was not published.", 0, followers.Sum(f => (long)f.Strange)),
    ];
}
