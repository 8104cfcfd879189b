using System.Numerics;
using FanHub.Server.Ballots;

namespace FanHub.Server.Polls;

/// <summary>Seals a poll's box and counts every ballot in it again. The recount stands; a running count that differs raises an alarm.</summary>
internal sealed partial class Certification(IBallotBox box, ILogger<Certification> logger)
{
    /// <summary>Seals and recounts. Repeating it gives the same counts.</summary>
    /// <param name="poll">An open poll.</param>
    /// <param name="closedAt">The end of its window.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up; the box may be sealed then.</param>
    public async Task<CertifiedResult> CertifyAsync(Poll poll, DateTimeOffset closedAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = await box.SealAsync(poll.Id, poll.Channel, poll.Options.Count, cancellationToken);
        var counts = new long[poll.Options.Count];
        var ballots = 0L;
        var unreadable = 0L;
        await foreach (var ballot in box.ReadAllAsync(poll.Id, poll.Options.Count, cancellationToken))
        {
            if (!Count(ballot.Value.Choices, poll.MaxChoices, counts))
            {
                unreadable++;
                continue;
            }

            ballots++;
        }

        var same = unreadable == 0 && ballots == running.Ballots && counts.AsSpan().SequenceEqual([.. running.Counts]);
        var result = new CertifiedResult
        {
            Counts = ById(poll, counts),
            Ballots = ballots,
            Accepted = ballots,
            Changed = running.Changed,
            Repeated = running.Repeated,
            Late = running.Late,
            Refused = running.Refused,
            OpenedAt = poll.OpensAt ?? poll.CreatedAt,
            ClosedAt = closedAt,
            CertifiedAt = now,
            Sequence = running.Sequence,
            Digest = string.Empty,
            Mismatch = same ? null : new CountMismatch(ById(poll, running.Counts), running.Ballots, unreadable),
        };
        if (!same)
        {
            LogMismatch(poll.Id, running.Ballots, string.Join(',', running.Counts), ballots, string.Join(',', counts), unreadable);
        }

        return result with { Digest = CertifiedResult.DigestOf(CertifiedResult.CanonicalText(poll.Id, poll.Channel, result)) };
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

    private static Dictionary<string, long> ById(Poll poll, IReadOnlyList<long> counts)
    {
        var byId = new Dictionary<string, long>(counts.Count, StringComparer.Ordinal);
        for (var i = 0; i < poll.Options.Count; i++)
        {
            byId[poll.Options[i].Id] = i < counts.Count ? counts[i] : 0;
        }

        return byId;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "ALARM: poll {Poll}: the running count was {RunningBallots} ballots ({RunningCounts}), the recount is {Ballots} ({Counts}), {Unreadable} unreadable; the recount stands")]
    private partial void LogMismatch(string poll, long runningBallots, string runningCounts, long ballots, string counts, long unreadable);
}
