using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FanHub.Contracts;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Ballots;

/// <summary>The journey of a ballot on its node: checked against the window and the options, recorded with others of its moment, answered with a receipt.</summary>
internal sealed class CastVote(
    Interactions interactions,
    IBallotBox box,
    BallotBatcher batcher,
    Receipts receipts,
    TallyPublisher tallies,
    FanLimits limits,
    IOptions<VotingOptions> options,
    TimeProvider time)
{
    private const int MaxSubmissionLength = 64;

    /// <summary>Records the ballot.</summary>
    /// <param name="fan">The fan's number.</param>
    /// <param name="request">What the client sent.</param>
    /// <param name="cancellationToken">Gives up waiting; the ballot may be recorded all the same, and a resend then gets its receipt.</param>
    /// <returns>The reply, and what was answered.</returns>
    /// <exception cref="FanHubException">It was not recorded; the code says why.</exception>
    /// <exception cref="BallotBoxUnavailableException">Whether it was recorded is unknown: to be sent again.</exception>
    public async Task<(BallotReply Reply, Interaction Interaction)> HandleAsync(long fan, VoteRequest request, CancellationToken cancellationToken)
    {
        var receivedAt = time.GetUtcNow();
        Validate(request);
        limits.TakeBallot(fan);
        var interaction = await interactions.FindAsync(request.Interaction, cancellationToken) ?? throw await NotShownAsync(request.Interaction, cancellationToken);
        ulong choices;
        try
        {
            choices = interaction.Choose(request.Choices);
        }
        catch (FanHubException)
        {
            tallies.Refused(interaction.Id, late: false);
            throw;
        }

        var elapsed = (long)(receivedAt - interaction.OpensAt).TotalMilliseconds;
        var ballot = new StoredBallot(choices, Fingerprint(request.Submission), Math.Max(0, elapsed));
        if (!TakesBallots(interaction, receivedAt))
        {
            return (await LateAsync(interaction, fan, ballot, cancellationToken), interaction);
        }

        var result = await batcher.CastAsync(interaction.Id, interaction.Rules, new Ballot(fan, ballot), cancellationToken);
        switch (result.Status)
        {
            case CastStatus.Accepted or CastStatus.Changed:
                tallies.Changed(interaction);
                return (Reply(interaction, fan, result.Status == CastStatus.Accepted ? BallotStatus.Accepted : BallotStatus.Changed, result.Held), interaction);
            case CastStatus.Repeated:
                return (Reply(interaction, fan, BallotStatus.Repeated, result.Held), interaction);
            case CastStatus.AlreadyVoted:
                throw new FanHubException(ErrorCodes.AlreadyVoted, "Your ballot is in, and this poll does not allow changing it.");
            default:
                throw Closed();
        }
    }

    /// <summary>The fan's own ballots among those asked for.</summary>
    public async Task<IReadOnlyList<OwnBallot>> MineAsync(long fan, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var own = new List<OwnBallot>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            Interaction? interaction;
            try
            {
                interaction = await interactions.FindAsync(id, cancellationToken);
            }
            catch (FanHubException e) when (string.Equals(e.Code, ErrorCodes.NotFound, StringComparison.Ordinal))
            {
                continue;
            }

            if (interaction is not null && await box.FindBallotAsync(id, interaction.Rules.Options, fan, cancellationToken) is { } ballot)
            {
                own.Add(new OwnBallot(id, interaction.Names(ballot.Choices), receipts.For(id, fan, ballot), At(interaction, ballot)));
            }
        }

        return own;
    }

    /// <summary>The gates of a channel that the fan has passed by voting.</summary>
    public async Task<IReadOnlyList<string>> GatesPassedAsync(long fan, string channel, CancellationToken cancellationToken)
    {
        List<string>? passed = null;
        foreach (var interaction in interactions.WithGates(channel))
        {
            if (await box.FindBallotAsync(interaction.Id, interaction.Rules.Options, fan, cancellationToken) is not null)
            {
                (passed ??= []).Add(interaction.Id);
            }
        }

        return passed ?? (IReadOnlyList<string>)[];
    }

    private static void Validate(VoteRequest request)
    {
        if (request.Submission is not { Length: > 0 and <= MaxSubmissionLength })
        {
            throw new FanHubException(ErrorCodes.Invalid, $"submission has to have 1 to {MaxSubmissionLength} characters.");
        }

        if (request.Choices is not { Count: > 0 } || request.Choices.Any(c => c is null))
        {
            throw new FanHubException(ErrorCodes.Invalid, "choices has to name at least one option.");
        }

        if (request.Choices.Distinct(StringComparer.Ordinal).Count() != request.Choices.Count)
        {
            throw new FanHubException(ErrorCodes.Invalid, "choices names an option twice.");
        }

        if (request.Interaction is null)
        {
            throw new FanHubException(ErrorCodes.Invalid, "interaction is missing.");
        }
    }

    private static FanHubException Closed() => new(ErrorCodes.Closed, "Voting has ended; this ballot was not counted.");

    private static uint Fingerprint(string submission) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(submission)));

    private static DateTimeOffset At(Interaction interaction, StoredBallot ballot) => interaction.OpensAt.AddMilliseconds(ballot.ElapsedMs);

    private bool TakesBallots(Interaction interaction, DateTimeOffset receivedAt) =>
        interaction.State == PublicState.Open && (interaction.ClosesAt is not { } closesAt || receivedAt <= closesAt + options.Value.Grace);

    /// <summary>Too late to count, but not too late to be told that it counted already: the first answer may have been lost on the way.</summary>
    private async Task<BallotReply> LateAsync(Interaction interaction, long fan, StoredBallot ballot, CancellationToken cancellationToken)
    {
        if (await box.FindBallotAsync(interaction.Id, interaction.Rules.Options, fan, cancellationToken) is { } held
            && held.Choices == ballot.Choices && held.Submission == ballot.Submission)
        {
            return Reply(interaction, fan, BallotStatus.Repeated, held);
        }

        tallies.Refused(interaction.Id, late: true);
        throw Closed();
    }

    private async Task<FanHubException> NotShownAsync(string id, CancellationToken cancellationToken) =>
        await box.FindAsync(id, cancellationToken) is { Sealed: true } ? Closed() : new FanHubException(ErrorCodes.NotOpen, "Voting has not begun.");

    private BallotReply Reply(Interaction interaction, long fan, BallotStatus status, StoredBallot held) =>
        new(receipts.For(interaction.Id, fan, held), status, At(interaction, held));
}
