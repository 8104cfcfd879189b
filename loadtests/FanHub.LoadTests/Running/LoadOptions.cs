using System.Text.Json.Serialization;
using FanHub.LoadTests.Feeds;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Quizzes;
using FanHub.LoadTests.Scoring;
using FanHub.LoadTests.Targets;

namespace FanHub.LoadTests.Running;

/// <summary>What the person who starts a load test decides.</summary>
internal sealed record LoadOptions
{
    /// <summary>The nodes that fans connect to, taken in turn; all of this machine.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>The node with the admin API.</summary>
    public required Uri Editor { get; init; }

    /// <summary>The admin key.</summary>
    public required string Key { get; init; }

    /// <summary>Connections that follow in <c>fan-out</c>.</summary>
    public required int Connections { get; init; }

    /// <summary>Updates that are published and measured in <c>fan-out</c>.</summary>
    public required int Updates { get; init; }

    /// <summary>Updates per second.</summary>
    public required double Rate { get; init; }

    /// <summary>Fans in <c>vote-burst</c>, each with a connection and a session of its own.</summary>
    public required int Voters { get; init; }

    /// <summary>Within how many seconds after the opening they vote.</summary>
    public required double Seconds { get; init; }

    /// <summary>Percentage of the voters who send the same submission again.</summary>
    public required double Duplicates { get; init; }

    /// <summary>Percentage of the voters who try to vote a second time.</summary>
    public required double SecondVotes { get; init; }

    /// <summary>Percentage of the voters who vote at the very moment of closing.</summary>
    public required double Late { get; init; }

    /// <summary>Processes of the servers, where they cannot be found by the ports that they listen on.</summary>
    public required IReadOnlyList<int> ServerPids { get; init; }

    /// <summary>The process of Redis, where its share is of interest.</summary>
    public required int? RedisPid { get; init; }

    /// <summary>Those of them that serve fans, where they are told apart.</summary>
    public required IReadOnlyList<int> FanServerPids { get; init; }

    /// <summary>What a lean crowd does in <c>goal-rush</c> and the like.</summary>
    public required RushLoad Rush { get; init; }

    /// <summary>How the results feed is played in <c>feed</c>.</summary>
    public required FeedLoad Feed { get; init; }

    /// <summary>What is asked, and of how many, in <c>quiz-night</c>.</summary>
    public required QuizLoad Quiz { get; init; }

    /// <summary>What is scored in <c>scoring</c>.</summary>
    public required ScoringLoad Scoring { get; init; }

    /// <summary>The processes that serve fans: those that were named, or who listens where fans connect to.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> FanPids => FanServerPids.Count > 0 ? FanServerPids : ServerPids.Count > 0 ? ServerPids : ListeningProcesses.Find(Nodes.Select(n => n.Port));

    /// <summary>After how long a scenario is given up, whatever happens: minutes for connecting and cleaning up, and three times what sending should take.</summary>
    public TimeSpan Limit => TimeSpan.FromMinutes(5 + (2 * Rush.Repetitions)) + TimeSpan.FromSeconds(3 * ((Updates / Rate) + Seconds + Feed.Seconds + (2 * Enumerable.Range(0, Quiz.Asked).Sum(Quiz.SecondsOf))));
}
