using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Storage;

namespace FanHub.Server.Exports;

/// <summary>Only what stands is exported: counts that are certified, points that are given.</summary>
internal sealed class CertifiedOnly(IEnumerable<IAwardSource> sources, GiveAwards give, TimeProvider time)
{
    // As far back as points are looked after.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(7);

    /// <summary>The refusal where there is no certified count.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="state">Its state.</param>
    /// <param name="first">What is to be done first; null where nothing helps.</param>
    public static FanHubException NotYet(string kind, string state, string? first) => new(
        ErrorCodes.Conflict,
        first is null
            ? $"A {kind} that was {state} before its count was certified has none; there is nothing to export."
            : $"A {kind} that is {state} cannot be exported: only a certified count is. {first} first.");

    /// <summary>Throws while points of what was revealed and settled are on their way to the board.</summary>
    /// <exception cref="FanHubException"><c>conflict</c>: to be tried again in a moment.</exception>
    public async Task RequirePointsAsync(FanHubDb db, string board, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            foreach (var job in await source.FindAsync(db, time.GetUtcNow() - LookBack, cancellationToken))
            {
                if (string.Equals(job.Board, board, StringComparison.Ordinal) && !await give.IsDoneAsync(job, cancellationToken))
                {
                    throw new FanHubException(ErrorCodes.Conflict, "Its points are being given just now; try again in a moment.", TimeSpan.FromSeconds(1));
                }
            }
        }
    }
}
