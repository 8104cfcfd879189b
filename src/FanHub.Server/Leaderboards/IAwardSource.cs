using FanHub.Server.Ballots;
using FanHub.Server.Questions;
using FanHub.Server.Storage;

namespace FanHub.Server.Leaderboards;

/// <summary>What gives points: quizzes whose questions are revealed, predictions that are settled.</summary>
internal interface IAwardSource
{
    /// <summary>What is to have given its points, as the database says; asked about once a second and after changes.</summary>
    /// <param name="db">The database.</param>
    /// <param name="since">Only what changed at or after this moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<AwardJob>> FindAsync(FanHubDb db, DateTimeOffset since, CancellationToken cancellationToken);
}

/// <summary>The points of one sealed ballot box.</summary>
/// <param name="Board">The leaderboard that they go to.</param>
/// <param name="Round">The box.</param>
/// <param name="Version">Which result of it is to count: 1 the first, 2 the corrected one…</param>
/// <param name="PrepareAsync">Reads what else has to be known, and gives what a ballot earns under a version; version 0 earns nothing.</param>
internal sealed record AwardJob(string Board, Round Round, int Version, Func<CancellationToken, Task<AwardRule>> PrepareAsync);

/// <summary>What a ballot earns.</summary>
/// <param name="ballot">The ballot.</param>
/// <param name="version">The result that is to count.</param>
internal delegate Earned AwardRule(RecordedBallot ballot, long version);

/// <summary>Points, and time saved, for one ballot.</summary>
/// <param name="Points">The points.</param>
/// <param name="SavedMs">What was left of the time limit, in ms.</param>
internal readonly record struct Earned(long Points, long SavedMs);
