namespace FanHub.LoadTests.Targets;

/// <summary>What a lean crowd does in <c>goal-rush</c> and the scenarios that resemble it.</summary>
internal sealed record RushLoad
{
    /// <summary>Connections, each of a fan of its own.</summary>
    public required int Connections { get; init; }

    /// <summary>Updates a second.</summary>
    public required double Rate { get; init; }

    /// <summary>Bytes of an update's data.</summary>
    public required int Bytes { get; init; }

    /// <summary>For how long it is measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>For how long updates go out before that.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>How often it is measured, after one time that is not.</summary>
    public required int Repetitions { get; init; }

    /// <summary>Updates that go out alone, after a rest.</summary>
    public required int Bursts { get; init; }

    /// <summary>Whether other servers are measured, too.</summary>
    public required bool Peers { get; init; }

    /// <summary>Where updates are appended to the log; null to publish through the admin API.</summary>
    public required string? LogRedis { get; init; }

    /// <summary>Within how many seconds everybody comes back in <c>reconnect-storm</c>.</summary>
    public required double Window { get; init; }

    /// <summary>Channels that the connections are spread over in <c>many-channels</c>, one after the other.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>Followers of each channel in the second part of <c>many-channels</c>; 0 leaves it out.</summary>
    public required int Followers { get; init; }

    /// <summary>Percentage of the readers who stop reading in <c>slow-readers</c>.</summary>
    public required double Stalled { get; init; }

    /// <summary>Ballots a second in <c>poll-stampede</c>, at a steady rate; null for one ballot of each voter.</summary>
    public required double? BallotRate { get; init; }
}
