using System.Collections.Concurrent;
using System.Diagnostics;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Measuring;

namespace FanHub.LoadTests.Scenarios;

/// <summary>What all voters together were answered. Written by many at once.</summary>
internal sealed class BallotBook
{
    private readonly ConcurrentDictionary<string, int> _unexpected = new(StringComparer.Ordinal);
    private long _calls;
    private long _heard;
    private long _accepted;
    private long _repeated;
    private long _otherReceipts;
    private long _wrongStatus;
    private long _closed;
    private long _retries;
    private long _secondVotes;
    private long _secondVotesRefused;
    private long _firstSentAt = long.MaxValue;
    private long _lastReceiptAt;

    /// <summary>How long receipts took, of those who voted after the opening.</summary>
    public Histogram Receipts { get; } = new();

    /// <summary>Calls of <c>Vote</c> that were answered.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Messages of the channel that fans got: the poll's states and, above all, its running count.</summary>
    public long Deliveries => Interlocked.Read(ref _heard);

    /// <summary>Fans who were told that their ballot is accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Resends that were recognised.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>Resends that got another receipt than the ballot.</summary>
    public long OtherReceipts => Interlocked.Read(ref _otherReceipts);

    /// <summary>First answers other than <c>accepted</c>, and later ones other than <c>repeated</c>.</summary>
    public long WrongStatus => Interlocked.Read(ref _wrongStatus);

    /// <summary>Ballots at the closing that were told that they came too late.</summary>
    public long TooLate => Interlocked.Read(ref _closed);

    /// <summary>Ballots that were told to come again.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Attempts to vote again.</summary>
    public long SecondVotes => Interlocked.Read(ref _secondVotes);

    /// <summary>Those of them that were refused as they should be.</summary>
    public long SecondVotesRefused => Interlocked.Read(ref _secondVotesRefused);

    /// <summary>Answers that nobody should have got, by code, and ballots without an answer, by reason.</summary>
    public IReadOnlyDictionary<string, int> Unexpected => _unexpected;

    /// <summary>From the first ballot sent to the last first receipt.</summary>
    public TimeSpan Burst => Receipts.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Interlocked.Read(ref _firstSentAt), Interlocked.Read(ref _lastReceiptAt));

    /// <summary>A fan got a message of the channel.</summary>
    public void Heard() => Interlocked.Increment(ref _heard);

    /// <summary>A call was answered, whatever with.</summary>
    public void Answered(Reply reply)
    {
        Interlocked.Increment(ref _calls);
        if (string.Equals(reply.ErrorCode, ErrorCodes.Unavailable, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _retries);
        }
    }

    /// <summary>A ballot that was sent after the opening got its receipt, however often it had to come again.</summary>
    public void Measured(long sentAt, long arrivedAt)
    {
        Receipts.Add(Stopwatch.GetElapsedTime(sentAt, arrivedAt));
        Keep(ref _firstSentAt, sentAt, Math.Min);
        Keep(ref _lastReceiptAt, arrivedAt, Math.Max);
    }

    /// <summary>The connection broke, or there was no answer in time: whether the ballot counts is unknown.</summary>
    public void Unanswered(string reason) => _unexpected.AddOrUpdate(reason, 1, (_, count) => count + 1);

    /// <summary>A ballot got a receipt.</summary>
    public void Acknowledged(BallotStatus status, bool isFirst, bool isSame)
    {
        Interlocked.Add(ref _accepted, isFirst ? 1 : 0);
        Interlocked.Add(ref _repeated, status == BallotStatus.Repeated ? 1 : 0);
        Interlocked.Add(ref _otherReceipts, isSame ? 0 : 1);
        Interlocked.Add(ref _wrongStatus, status == (isFirst ? BallotStatus.Accepted : BallotStatus.Repeated) ? 0 : 1);
    }

    /// <summary>A ballot was refused, which only those may be that are sent at the closing.</summary>
    public void Refused(Reply reply, bool atClosing)
    {
        if (atClosing && string.Equals(reply.ErrorCode, ErrorCodes.Closed, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _closed);
        }
        else
        {
            _unexpected.AddOrUpdate(reply.ErrorCode ?? "none", 1, (_, count) => count + 1);
        }
    }

    /// <summary>Somebody tried to vote again.</summary>
    public void SecondVote(Reply reply)
    {
        Interlocked.Increment(ref _secondVotes);
        if (string.Equals(reply.ErrorCode, ErrorCodes.AlreadyVoted, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _secondVotesRefused);
        }
    }

    private static void Keep(ref long place, long value, Func<long, long, long> choose)
    {
        var held = Interlocked.Read(ref place);
        while (choose(held, value) is var chosen && chosen != held)
        {
            var seen = Interlocked.CompareExchange(ref place, chosen, held);
            if (seen == held)
            {
                return;
            }

            held = seen;
        }
    }
}
