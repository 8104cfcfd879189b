using FanHub.Server.Ballots;

namespace FanHub.Server.Questions;

/// <summary>A real ballot box that is only read. What would write reads something like it instead; nothing is cast in a dry run.</summary>
internal sealed class DryRunBox(IBallotBox box) : IBallotBox
{
    /// <inheritdoc />
    public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) => box.FindAsync(interaction, cancellationToken);

    /// <inheritdoc />
    public Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default) => box.TallyAsync(interaction, options, cancellationToken);

    /// <inheritdoc />
    public Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default) => box.FindAsync(interaction, cancellationToken);

    /// <inheritdoc />
    public Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default) => box.TallyAsync(interaction, options, cancellationToken);

    /// <inheritdoc />
    public Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default) =>
        box.FindBallotAsync(interaction, options, fan, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, CancellationToken cancellationToken = default) =>
        box.ReadAllAsync(interaction, options, cancellationToken);

    /// <inheritdoc />
    public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <inheritdoc />
    public Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default) => throw Refused();

    /// <inheritdoc />
    public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) => throw Refused();

    /// <inheritdoc />
    public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => throw Refused();

    private static NotSupportedException Refused() => new("Nobody takes part in a dry run.");
}
