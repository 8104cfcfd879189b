using FanHub.Server.Ballots;

namespace FanHub.Server.Leaderboards;

/// <summary>
/// Gives the points of a sealed box to a leaderboard, each ballot's exactly once, and where it had given others for an earlier result, takes those back. Fans are taken in chunks;
/// the board keeps the version of each that it has been given, so that repeating it, breaking it off and doing it on two nodes at once are all the same.
/// </summary>
internal sealed class GiveAwards(IBallotBox box, ILeaderboard boards)
{
    private const int ChunkBits = 10;
    private const int AtOnce = 8;
    private const int MaxAttempts = 8;

    // Says that all chunks of a version have been given, and published.
    private const long Mark = 0;

    /// <summary>Whether all of it has been given.</summary>
    public async Task<bool> IsDoneAsync(AwardJob job, CancellationToken cancellationToken) =>
        (await boards.AppliedAsync(job.Board, job.Round.Id, cancellationToken)).GetValueOrDefault(Mark) >= job.Version;

    /// <summary>Gives what has not been given.</summary>
    /// <returns>How many ballots there are.</returns>
    /// <exception cref="BallotBoxUnavailableException">Broken off; to be repeated.</exception>
    /// <exception cref="LeaderboardUnavailableException">Broken off; to be repeated.</exception>
    public async Task<int> RunAsync(AwardJob job, CancellationToken cancellationToken)
    {
        var rule = await job.PrepareAsync(cancellationToken);
        var applied = await boards.AppliedAsync(job.Board, job.Round.Id, cancellationToken);
        var ballots = 0;
        await Parallel.ForEachAsync(
            ChunksAsync(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (chunk, token) => await GiveAsync(job, rule, chunk.Number, chunk.Ballots, applied.GetValueOrDefault(chunk.Number), token));
        return ballots;

        // Given while the rest is still being read: neighbours come together.
        async IAsyncEnumerable<(long Number, List<RecordedBallot> Ballots)> ChunksAsync()
        {
            var (number, own) = (0L, new List<RecordedBallot>());
            await foreach (var ballot in box.ReadAllAsync(job.Round.Id, job.Round.Options, cancellationToken))
            {
                ballots++;
                var chunk = (ballot.Fan >> ChunkBits) + 1;
                if (chunk != number)
                {
                    if (own.Count > 0)
                    {
                        yield return (number, own);
                    }

                    // A chunk that comes a second time would find its version there, and lose its points.
                    (number, own) = (chunk > number ? chunk : throw new InvalidOperationException($"The ballots of {job.Round.Id} are not in order: {chunk} after {number}."), []);
                }

                own.Add(ballot);
            }

            if (own.Count > 0)
            {
                yield return (number, own);
            }
        }
    }

    /// <summary>Notes that all of it has been given and told, so that it need not be looked at again.</summary>
    public async Task FinishAsync(AwardJob job, CancellationToken cancellationToken)
    {
        var held = (await boards.AppliedAsync(job.Board, job.Round.Id, cancellationToken)).GetValueOrDefault(Mark);
        if (held < job.Version)
        {
            await boards.AwardAsync(job.Board, new AwardChunk(job.Round.Id, Mark, held, job.Version, []), cancellationToken);
        }
    }

    private async Task GiveAsync(AwardJob job, AwardRule rule, long chunk, List<RecordedBallot> ballots, long held, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts && held < job.Version; attempt++)
        {
            var changes = ballots.ConvertAll(ballot =>
            {
                var (before, now) = (rule(ballot, held), rule(ballot, job.Version));
                return new Award(ballot.Fan, now.Points - before.Points, now.SavedMs - before.SavedMs);
            });
            // Where somebody else was faster, the difference is taken from what they gave.
            held = (await boards.AwardAsync(job.Board, new AwardChunk(job.Round.Id, chunk, held, job.Version, changes), cancellationToken)).Version;
        }
    }
}
