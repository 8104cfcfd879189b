using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FanHub.LoadTests.Voting;

/// <summary>What a node does with ballots, without a store behind it: for benchmarks.</summary>
internal sealed class BallotWork
{
    private const string Interaction = "01a2037d-66da-7479-b233-db6bd09a34d7";
    private static readonly BallotRules Rules = new(Options: 4, Changeable: false);

    private readonly RedisKeys _keys = new("fanhub");
    private readonly Ballot[] _batch;
    private readonly BallotBatcher _batcher = new(new NoBox(), Options.Create(new BallotBatcherOptions { Gather = TimeSpan.Zero }), TimeProvider.System, NullLogger<BallotBatcher>.Instance);

    /// <summary>So many ballots, of fans whose numbers have gaps, as of those who happen to vote at the same moment.</summary>
    public BallotWork(int ballots) =>
        _batch = [.. Enumerable.Range(0, ballots).Select(i => new Ballot((i * 37L) % 20_000, new StoredBallot(1ul << (i % 4), (uint)i * 2_654_435_761, ElapsedMs: 1_000 + i)))];

    /// <summary>Packs them as the script takes them.</summary>
    public int Pack() => RedisCastBatch.Pack(_keys, Interaction, Rules, _batch).Arguments.Length;

    /// <summary>Casts them all at once, each on its own, through the batcher, and waits for every answer.</summary>
    public Task CastAsync()
    {
        var casts = new Task<CastResult>[_batch.Length];
        for (var i = 0; i < casts.Length; i++)
        {
            casts[i] = _batcher.CastAsync(Interaction, Rules, _batch[i], CancellationToken.None);
        }

        return Task.WhenAll(casts);
    }

    /// <summary>Takes every ballot, and keeps none.</summary>
    private sealed class NoBox : IBallotBox
    {
        public Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default)
        {
            var results = new CastResult[batch.Count];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = new CastResult(CastStatus.Accepted, batch[i].Value);
            }

            return Task.FromResult<IReadOnlyList<CastResult>>(results);
        }

        public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
