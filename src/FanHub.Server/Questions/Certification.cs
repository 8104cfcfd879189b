using System.Numerics;
using FanHub.Server.Ballots;

namespace FanHub.Server.Questions;

/// <summary>Seals a box and counts every ballot in it again. The recount stands; a running count that differs raises an alarm.</summary>
internal sealed partial class Certification(IBallotBox box, ILogger<Certification> logger)
{
    /// <summary>Seals and recounts. Repeating it gives the same counts.</summary>
    /// <param name="round">The box, and how its ballots are to be read.</param>
    /// <param name="closedAt">The end of its window.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up; the box may be sealed then.</param>
    public async Task<CertifiedResult> CertifyAsync(Round round, DateTimeOffset closedAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = await box.SealAsync(round.Id, round.Channel, round.Options, cancellationToken);
        var counts = new long[round.Options];
        var ballots = 0L;
        var unreadable = 0L;
        await foreach (var ballot in box.ReadAllAsync(round.Id, round.Options, cancellationToken))
        {
            if (!Count(ballot.Value.Choices, round.MaxChoices, counts))
            {
                unreadable++;
                continue;
            }

            ballots++;
        }

        var same = unreadable == 0 && ballots == running.Ballots && counts.AsSpan().SequenceEqual([.. running.Counts]);
        var result = new CertifiedResult
        {
            Counts = ById(round, counts),
            Ballots = ballots,
            Accepted = ballots,
            Changed = running.Changed,
            Repeated = running.Repeated,
            Late = running.Late,
            Refused = running.Refused,
            OpenedAt = round.OpensAt,
            ClosedAt = closedAt,
            CertifiedAt = now,
            Sequence = running.Sequence,
            Digest = string.Empty,
            Mismatch = same ? null : new CountMismatch(ById(round, running.Counts), running.Ballots, unreadable),
        };
        if (!same)
        {
            LogMismatch(round.Id, running.Ballots, string.Join(',', running.Counts), ballots, string.Join(',', counts), unreadable);
        }

        return result with { Digest = CertifiedResult.DigestOf(CertifiedResult.CanonicalText(round.Kind, round.Id, round.Channel, result)) };
    }

    private static bool Count(ulong choices, int maxChoices, long[] counts)
    {
        var named = BitOperations.PopCount(choices);
        if (named < 1 || named > maxChoices || (counts.Length < 64 && choices >> counts.Length != 0))
        {
            return false;
        }

        for (; choices != 0; choices &= choices - 1)
        {
            counts[BitOperations.TrailingZeroCount(choices)]++;
        }

        return true;
    }

    private static Dictionary<string, long> ById(Round round, IReadOnlyList<long> counts)
    {
        var byId = new Dictionary<string, long>(counts.Count, StringComparer.Ordinal);
        for (var i = 0; i < round.Options; i++)
        {
            byId[round.OptionIds[i]] = i < counts.Count ? counts[i] : 0;
        }

        return byId;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "ALARM: {Interaction}: the running count was {RunningBallots} ballots ({RunningCounts}), the recount is {Ballots} ({Counts}), {Unreadable} unreadable; the recount stands")]
    private partial void LogMismatch(string interaction, long runningBallots, string runningCounts, long ballots, string counts, long unreadable);
}
