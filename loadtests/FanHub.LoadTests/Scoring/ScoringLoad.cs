namespace FanHub.LoadTests.Scoring;

/// <summary>What is to be scored, as the person who starts a load test decides.</summary>
internal sealed record ScoringLoad
{
    /// <summary>The sizes where none was asked for.</summary>
    public static readonly IReadOnlyList<int> Standard = [10_000, 100_000, 300_000, 1_000_000];

    /// <summary>A Redis of this machine that nobody else needs, as <c>127.0.0.1:port</c>; null for files, as a server has that runs alone.</summary>
    public string? Redis { get; init; }

    /// <summary>How many answer, one run for each.</summary>
    public required IReadOnlyList<int> Participants { get; init; }

    /// <summary>How many questions each run has.</summary>
    public required int Questions { get; init; }

    /// <summary>What each correct answer in a row adds; more than 0 makes every question look back at the ones before.</summary>
    public required int StreakBonus { get; init; }
}
