using System.Collections.Concurrent;
using FanHub.Server.Ballots;

namespace FanHub.Tests.Server.Ballots;

/// <summary>A real box whose casting can be held up, or made to fail before or after it has recorded.</summary>
internal sealed class GatedBallotBox(IBallotBox inner) : IBallotBox
{
    private readonly SemaphoreSlim _gate = new(0);

    /// <summary>Sizes of the batches that arrived, in order.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    /// <summary>Thrown instead of recording.</summary>
    public Exception? FailsBefore { get; set; }

    /// <summary>Thrown although it is recorded.</summary>
    public Exception? FailsAfter { get; set; }

    /// <summary>Whether batches wait for <see cref="Release"/>.</summary>
    public bool IsClosed { get; set; } = true;

    /// <summary>Lets some batches go on.</summary>
    public void Release(int batches = 1) => _gate.Release(batches);

    public async Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default)
    {
        Batches.Enqueue(batch.Count);
        if (IsClosed && !await _gate.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken))
        {
            throw new TimeoutException("The test did not open the gate.");
        }

        if (FailsBefore is not null)
        {
            throw FailsBefore;
        }

        var results = await inner.CastAsync(interaction, rules, batch, cancellationToken);
        return FailsAfter is null ? results : throw FailsAfter;
    }

    public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) => inner.RegisterAsync(interaction, channel, cancellationToken);

    public Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default) => inner.FindAsync(interaction, cancellationToken);

    public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) =>
        inner.AddRefusedAsync(interaction, late, refused, cancellationToken);

    public Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default) => inner.TallyAsync(interaction, options, cancellationToken);

    public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default) =>
        inner.ClaimTallyAsync(interaction, period, cancellationToken);

    public Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default) =>
        inner.SealAsync(interaction, channel, options, cancellationToken);

    public Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default) =>
        inner.FindBallotAsync(interaction, options, fan, cancellationToken);

    public IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, CancellationToken cancellationToken = default) =>
        inner.ReadAllAsync(interaction, options, cancellationToken);

    public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => inner.ReserveFansAsync(count, cancellationToken);
}
