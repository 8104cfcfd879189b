using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FanHub.Contracts;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Ballots;

/// <summary>The journey of a ballot on its node, whatever it is cast in: checked against the window and the options, recorded with others of its moment, answered with a receipt.</summary>
internal sealed class CastBallot(IBallotBox box, BallotBatcher batcher, Receipts receipts, TallyPublisher tallies, FanLimits limits, IOptions<VotingOptions> options, TimeProvider time)
{
    private const int MaxSubmissionLength = 64;

    /// <summary>Takes a ballot in: the moment of receiving counts from here.</summary>
    /// <exception cref="FanHubException"><c>invalid</c> or <c>rate_limited</c>.</exception>
    public ReceivedBallot Receive(long fan, IReadOnlyList<string>? choices, string? submission)
    {
        var receivedAt = time.GetUtcNow();
        if (submission is not { Length: > 0 and <= MaxSubmissionLength })
        {
            throw new FanHubException(ErrorCodes.Invalid, $"submission has to have 1 to {MaxSubmissionLength} characters.");
        }

        if (choices is not { Count: > 0 })
        {
            throw new FanHubException(ErrorCodes.Invalid, "choices has to name at least one option.");
        }

        if (choices.Contains(null!))
        {
            throw new FanHubException(ErrorCodes.Invalid, "choices has null where an option's id has to be.");
        }

        if (choices.Count > 1 && choices.Distinct(StringComparer.Ordinal).Count() != choices.Count)
        {
            throw new FanHubException(ErrorCodes.Invalid, "choices names an option twice.");
        }

        limits.TakeBallot(fan);
        return new ReceivedBallot(fan, choices, submission, receivedAt);
    }

    /// <summary>Records the ballot.</summary>
    /// <param name="received">The ballot.</param>
    /// <param name="interaction">What it is cast in, as this node knows it.</param>
    /// <param name="delayMs">How far the fan's video is behind, as the fan says.</param>
    /// <param name="mayTakeLonger">Asked where the ballot comes too late for other fans, and the interaction gives more time to some.</param>
    /// <param name="cancellationToken">Gives up waiting; the ballot may be recorded all the same, and a resend then gets its receipt.</param>
    /// <exception cref="FanHubException">It was not recorded; the code says why.</exception>
    /// <exception cref="BallotBoxUnavailableException">Whether it was recorded is unknown: to be sent again.</exception>
    public async Task<BallotReply> CastAsync(
        ReceivedBallot received, Interaction interaction, int delayMs, Func<Interaction, Task<bool>>? mayTakeLonger, CancellationToken cancellationToken)
    {
        var fan = received.Fan;
        ulong choices;
        try
        {
            choices = interaction.Choose(received.Choices);
        }
        catch (FanHubException)
        {
            tallies.Refused(interaction.Id, late: false);
            throw;
        }

        var elapsed = (long)(received.At - interaction.OpensAt).TotalMilliseconds;
        var credit = Math.Min(Math.Max(0, delayMs), interaction.LateWindowMs);
        var ballot = new StoredBallot(choices, Fingerprint(received.Submission), Math.Max(0, elapsed), credit);
        if (!await IsInTimeAsync(received.At, interaction, credit, mayTakeLonger))
        {
            return await LateAsync(interaction, fan, ballot, cancellationToken);
        }

        var result = await batcher.CastAsync(interaction.Id, interaction.Rules, new Ballot(fan, ballot), cancellationToken);
        switch (result.Status)
        {
            case CastStatus.Accepted or CastStatus.Changed:
                tallies.Changed(interaction);
                return Reply(interaction, fan, result.Status == CastStatus.Accepted ? BallotStatus.Accepted : BallotStatus.Changed, result.Held);
            case CastStatus.Repeated:
                return Reply(interaction, fan, BallotStatus.Repeated, result.Held);
            case CastStatus.AlreadyVoted:
                throw new FanHubException(ErrorCodes.AlreadyVoted, "Your ballot is in, and cannot be changed.");
            default:
                throw Closed();
        }
    }

    /// <summary>The refusal of a ballot that comes too late.</summary>
    public static FanHubException Closed() => new(ErrorCodes.Closed, "Voting has ended; this ballot was not counted.");

    /// <summary>Why an id that exists is not shown to fans.</summary>
    public async Task<FanHubException> NotShownAsync(string id, CancellationToken cancellationToken) =>
        await box.FindAsync(id, cancellationToken) is { Sealed: true } ? Closed() : new FanHubException(ErrorCodes.NotOpen, "Voting has not begun.");

    /// <summary>When the server received a ballot.</summary>
    public static DateTimeOffset At(Interaction interaction, StoredBallot ballot) => interaction.OpensAt.AddMilliseconds(ballot.ElapsedMs);

    private static uint Fingerprint(string submission) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(submission)));

    private async Task<bool> IsInTimeAsync(DateTimeOffset receivedAt, Interaction interaction, int creditMs, Func<Interaction, Task<bool>>? mayTakeLonger)
    {
        if (!interaction.IsOpen)
        {
            return false;
        }

        if (interaction.ClosesAt is not { } closesAt)
        {
            return true;
        }

        var end = closesAt + TimeSpan.FromMilliseconds(creditMs) + options.Value.Grace;
        if (receivedAt <= end)
        {
            return true;
        }

        // Only who comes too late for everybody else is looked up.
        return mayTakeLonger is not null && interaction.MoreTime > TimeSpan.Zero && receivedAt <= end + interaction.MoreTime && await mayTakeLonger(interaction);
    }

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

    private BallotReply Reply(Interaction interaction, long fan, BallotStatus status, StoredBallot held) =>
        new(receipts.For(interaction.Id, fan, held), status, At(interaction, held));
}

/// <summary>A ballot as it came in.</summary>
/// <param name="Fan">The fan's number.</param>
/// <param name="Choices">Ids of the options chosen.</param>
/// <param name="Submission">The client's id of it.</param>
/// <param name="At">When it came.</param>
internal readonly record struct ReceivedBallot(long Fan, IReadOnlyList<string> Choices, string Submission, DateTimeOffset At);
