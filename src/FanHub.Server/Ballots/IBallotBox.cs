namespace FanHub.Server.Ballots;

/// <summary>
/// Holds every ballot once, and counts it in the same step.
/// </summary>
/// <remarks>
/// Promised by every implementation (one suite of tests runs against all): when <see cref="CastAsync"/> returns, what it says is recorded as durably as the store is set up to;
/// counts and ballots change together or not at all, and are read together; after <see cref="SealAsync"/> returned, neither changes again; a fan number is given out once.
/// Registration only tells where an interaction belongs: a box that was never registered, or whose registration the store has lost, takes ballots like any other.
/// All methods throw <see cref="BallotBoxUnavailableException"/> within a few seconds where the store cannot be reached. Whether a batch was recorded is then unknown: the fan
/// gets no receipt and resends the same submission, which is then <see cref="CastStatus.Repeated"/> or recorded for the first time.
/// </remarks>
internal interface IBallotBox
{
    /// <summary>Makes the interaction known, before fans can hear of it. Repeating it changes nothing.</summary>
    Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default);

    /// <summary>Where the interaction belongs and whether it is sealed; null where it was never registered.</summary>
    Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records a batch of up to <see cref="BallotRules.MaxBatch"/> ballots of one interaction, atomically. Ballots of one fan in the same batch count in their order.
    /// A sealed box records nothing, but still answers <see cref="CastStatus.Repeated"/> to a resend of what it holds: that receipt stands.
    /// </summary>
    /// <returns>What became of each, in the same order.</returns>
    /// <exception cref="ArgumentException">The batch is too large, or holds a ballot that <see cref="BallotRules.Validate"/> refuses; nothing was recorded.</exception>
    Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default);

    /// <summary>Adds to the record ballots that a node refused before they reached the box.</summary>
    Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default);

    /// <summary>The running count.</summary>
    Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default);

    /// <summary>Lets one node publish the running count: true for the first to ask within <paramref name="period"/>, across all nodes.</summary>
    Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes no more ballots, for ever, and returns the count that then stands. Repeating it returns the same, but for <see cref="Tally.Late"/> and
    /// <see cref="Tally.Refused"/>, which tell of fans who go on trying. Registers an unknown interaction.
    /// </summary>
    Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default);

    /// <summary>The fan's own ballot, or null.</summary>
    Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default);

    /// <summary>
    /// Every ballot of the interaction; complete only once it is sealed. Fans come in blocks of 128 (<c>fan / 128</c>), the lowest block first, each once; within a block in no particular order.
    /// </summary>
    IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, CancellationToken cancellationToken = default);

    /// <summary>Takes a block of <paramref name="count"/> fan numbers that nobody else gets, ever, not even after the store has lost its memory (<see cref="FanNumbers"/>).</summary>
    /// <param name="count">How many, 1 to <see cref="FanNumbers.MaxBlock"/>. Multiples of 128 fill the packed hashes in Redis best.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The first of them, a multiple of <paramref name="count"/>.</returns>
    Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default);
}

/// <summary>What the box must know of an interaction to record a ballot.</summary>
/// <param name="Options">How many options there are, 2 to 64; ballots name them by index. The same for every ballot of an interaction.</param>
/// <param name="Changeable">Whether a fan may replace an earlier ballot.</param>
internal sealed record BallotRules(int Options, bool Changeable)
{
    /// <summary>The most ballots of one batch: bounds how long the store is busy with it.</summary>
    public const int MaxBatch = 4096;

    /// <summary>The highest fan number: the most that a Lua script can count to.</summary>
    public const long MaxFan = (1L << 53) - 1;

    /// <summary>Refuses a ballot that no box can hold, before it can spoil a batch for others.</summary>
    /// <exception cref="ArgumentException">It names no option or one that is not there, or the fan's number is none.</exception>
    public void Validate(Ballot ballot)
    {
        if (Options is < 2 or > 64)
        {
            throw new ArgumentException($"An interaction has 2 to 64 options, not {Options}.", nameof(ballot));
        }

        if (ballot.Value.Choices == 0 || (Options < 64 && ballot.Value.Choices >> Options != 0))
        {
            throw new ArgumentException($"The choices {ballot.Value.Choices:x} do not name some of {Options} options.", nameof(ballot));
        }

        if (ballot.Fan is < 0 or > MaxFan)
        {
            throw new ArgumentException($"{ballot.Fan} is not a fan's number.", nameof(ballot));
        }
    }

    /// <summary>Refuses a batch that is too large, or holds a ballot that <see cref="Validate"/> refuses.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public void ValidateBatch(IReadOnlyList<Ballot> batch)
    {
        if (batch.Count > MaxBatch)
        {
            throw new ArgumentException($"{batch.Count} ballots are more than the {MaxBatch} that a batch may hold.", nameof(batch));
        }

        for (var i = 0; i < batch.Count; i++)
        {
            Validate(batch[i]);
        }
    }
}

/// <summary>A ballot on its way into the box.</summary>
/// <param name="Fan">The fan's number.</param>
/// <param name="Value">What it says.</param>
internal readonly record struct Ballot(long Fan, StoredBallot Value);

/// <summary>What is kept of a ballot: a few bytes (<see cref="BallotCodec"/>).</summary>
/// <param name="Choices">Bit i set: option i is chosen.</param>
/// <param name="Submission">A 32-bit fingerprint of the submission id, to know a resend by. Together with the same choices it means "the same".</param>
/// <param name="ElapsedMs">Milliseconds from the interaction's opening to the server's receiving it, 0 to <see cref="MaxElapsedMs"/>.</param>
/// <param name="CreditMs">How much of that the fan's delayed video accounts for, as far as the editor allows: 0 to <see cref="MaxCreditMs"/>.</param>
internal readonly record struct StoredBallot(ulong Choices, uint Submission, long ElapsedMs, long CreditMs = 0)
{
    /// <summary>The longest time that is told apart: some 34 years.</summary>
    public const long MaxElapsedMs = (1L << 40) - 1;

    /// <summary>The longest credit: some 17 minutes.</summary>
    public const long MaxCreditMs = (1L << 20) - 1;

    /// <summary>The time the fan took, as scores count it.</summary>
    public long TakenMs => Math.Max(0, ElapsedMs - CreditMs);
}

/// <summary>A ballot as the box holds it.</summary>
/// <param name="Fan">The fan's number.</param>
/// <param name="Value">What it says.</param>
internal readonly record struct RecordedBallot(long Fan, StoredBallot Value);

/// <summary>What became of a ballot.</summary>
internal enum CastStatus
{
    /// <summary>The fan's first: recorded and counted.</summary>
    Accepted,

    /// <summary>Replaced the fan's earlier one: the count moved.</summary>
    Changed,

    /// <summary>The same submission with the same choices is what the box holds: nothing changed.</summary>
    Repeated,

    /// <summary>The fan has a ballot, and it may not be changed: nothing changed.</summary>
    AlreadyVoted,

    /// <summary>The box is sealed: nothing changed.</summary>
    Sealed,
}

/// <summary>What became of a ballot, and what the box now holds for that fan.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Held">The fan's ballot as it now stands; default where there is none.</param>
internal readonly record struct CastResult(CastStatus Status, StoredBallot Held);

/// <summary>What the box knows of an interaction.</summary>
/// <param name="Channel">The channel it was registered for.</param>
/// <param name="Sealed">Whether it takes no more ballots.</param>
internal sealed record BoxInfo(string Channel, bool Sealed);

/// <summary>A count, at one moment.</summary>
internal sealed record Tally
{
    /// <summary>Grows by one with every ballot accepted or changed: orders counts of one interaction.</summary>
    public required long Sequence { get; init; }

    /// <summary>For each option, by index, how many ballots name it.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>Ballots in the box.</summary>
    public required long Ballots { get; init; }

    /// <summary>How many ballots replaced an earlier one.</summary>
    public required long Changed { get; init; }

    /// <summary>How many were resends of what the box held, before it was sealed.</summary>
    public required long Repeated { get; init; }

    /// <summary>How many came too late: to a sealed box, or after a node saw the window closed.</summary>
    public required long Late { get; init; }

    /// <summary>How many were refused for another reason (a second ballot, an unknown option, too early).</summary>
    public required long Refused { get; init; }

    /// <summary>Whether it can no longer change.</summary>
    public required bool Sealed { get; init; }
}

/// <summary>The box, or what it needs, cannot be reached or did not answer in time.</summary>
internal class BallotBoxUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
