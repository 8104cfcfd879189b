namespace FanHub.LoadTests.Everything;

/// <summary>One scenario with one set of servers.</summary>
/// <param name="Topology">How FanHub runs.</param>
/// <param name="StartAsync">Starts it; is told whether it is to be sampled.</param>
/// <param name="Arguments">What to run.</param>
internal sealed record Step(string Topology, Func<bool, Task<StartedServers>> StartAsync, IReadOnlyList<string> Arguments)
{
    /// <summary>For people to read.</summary>
    public string Title => $"{string.Join(' ', Arguments.Skip(1))}, {Topology}";
}

/// <summary>Everything that is run.</summary>
internal static class Plan
{
    private static readonly (string Topology, Func<bool, Task<StartedServers>> StartAsync)[] Topologies = [("embedded", Everything.Topologies.StartEmbeddedAsync), ("cluster of two fan nodes", Everything.Topologies.StartClusterAsync)];

    private static readonly string[][] Full =
    [
        ["--only", "goal-rush", "--connections", "5000", "--peers"],
        ["--only", "goal-rush", "--connections", "15000", "--peers"],
        ["--only", "many-channels", "--connections", "5000", "--rate", "4"],
        ["--only", "poll-stampede", "--connections", "5000"],
        ["--only", "poll-stampede", "--connections", "5000", "--rate", "20000", "--seconds", "10"],
        ["--only", "reconnect-storm", "--connections", "10000"],
        ["--only", "slow-readers", "--connections", "1000"],
        ["--only", "quiz-night", "--participants", "2000"],
    ];

    // The same in minutes, to see that all of it works: too short for figures.
    private static readonly string[][] Quick =
    [
        ["--only", "goal-rush", "--connections", "500", "--peers", "--repetitions", "1", "--seconds", "2", "--warm-up", "1", "--bursts", "2"],
        ["--only", "many-channels", "--connections", "500", "--channels", "1", "10", "100", "--channel-followers", "50", "--seconds", "2", "--warm-up", "1"],
        ["--only", "poll-stampede", "--connections", "500", "--seconds", "2", "--warm-up", "1"],
        ["--only", "poll-stampede", "--connections", "500", "--rate", "1000", "--seconds", "2", "--warm-up", "1"],
        ["--only", "reconnect-storm", "--connections", "500", "--seconds", "2", "--warm-up", "1", "--window", "3"],
        ["--only", "slow-readers", "--connections", "200", "--update-bytes", "40000", "--seconds", "2", "--warm-up", "1"],
        ["--only", "quiz-night", "--participants", "200", "--questions", "2", "--seconds", "3"],
    ];

    /// <summary>What may be run.</summary>
    public static string[] Scenarios { get; } = [.. Full.Select(a => a[1]).Distinct(StringComparer.Ordinal)];

    /// <summary>The steps, in their order.</summary>
    /// <param name="quick">Whether it is to be done in minutes.</param>
    /// <param name="only">Scenarios to run instead of all.</param>
    /// <param name="topologies">The first word of the ways in which FanHub runs, instead of all.</param>
    public static IReadOnlyList<Step> Make(bool quick, IReadOnlyCollection<string> only, IReadOnlyCollection<string> topologies) =>
    [
        .. from arguments in quick ? Quick : Full
           where only.Count == 0 || only.Contains(arguments[1], StringComparer.Ordinal)
           from topology in Topologies
           where topologies.Count == 0 || topologies.Contains(topology.Topology.Split(' ')[0], StringComparer.Ordinal)
           select new Step(topology.Topology, topology.StartAsync, arguments),
    ];
}
