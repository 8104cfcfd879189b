using System.Diagnostics;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Voting;

/// <summary>Why a ballot is sent.</summary>
internal enum BallotKind
{
    /// <summary>The voter means it.</summary>
    Meant,

    /// <summary>The same again, as an app does that is not sure.</summary>
    Resent,

    /// <summary>Another one, where one may not vote twice.</summary>
    Second,
}

/// <summary>What all voters of a stampede were answered, and what has to be counted because of it. Used by the crowd's thread.</summary>
/// <param name="changeable">Whether a voter may replace the ballot.</param>
internal sealed class StampedeBook(bool changeable)
{
    private readonly Dictionary<int, (string Receipt, int Option)> _held = [];
    private readonly Dictionary<string, int> _unexpected = new(StringComparer.Ordinal);
    private readonly HashSet<string> _receipts = new(StringComparer.Ordinal);
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _awaited = long.MaxValue;
    private long _sent;
    private long _answers;

    /// <summary>From when each was due to its receipt.</summary>
    public Histogram Receipts { get; } = new();

    /// <summary>Ballots that were sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Answers of any kind.</summary>
    public long Answers => Volatile.Read(ref _answers);

    /// <summary>Ballots that were acknowledged: accepted, changed or repeated.</summary>
    public long Acknowledged => Accepted + Changed + Repeated;

    /// <summary>First ballots.</summary>
    public long Accepted { get; private set; }

    /// <summary>Ballots that replaced an earlier one.</summary>
    public long Changed { get; private set; }

    /// <summary>Resends that were recognised.</summary>
    public long Repeated { get; private set; }

    /// <summary>Second ballots that were refused.</summary>
    public long SecondsRefused { get; private set; }

    /// <summary>Second ballots that were sent.</summary>
    public long Seconds { get; private set; }

    /// <summary>Answers that contradict an earlier one of the same voter.</summary>
    public long Contradictions { get; private set; }

    /// <summary>When the first ballot was due, in stopwatch ticks.</summary>
    public long FirstAt { get; private set; } = long.MaxValue;

    /// <summary>When the last receipt came.</summary>
    public long LastAt { get; private set; }

    /// <summary>A ballot goes out.</summary>
    public void Send(BallotKind kind)
    {
        _sent++;
        Seconds += kind == BallotKind.Second ? 1 : 0;
    }

    /// <summary>A ballot was answered.</summary>
    public void Answer(int voter, int option, BallotKind kind, Reply reply, long dueAt)
    {
        if (reply.Error is null)
        {
            Take(voter, option, kind, reply, dueAt);
        }
        else if (kind == BallotKind.Second && string.Equals(reply.ErrorCode, ErrorCodes.AlreadyVoted, StringComparison.Ordinal))
        {
            SecondsRefused++;
        }
        else
        {
            Unexpected(reply.ErrorCode ?? "none");
        }

        Volatile.Write(ref _answers, _answers + 1);
        if (_answers >= Volatile.Read(ref _awaited))
        {
            _answered.TrySetResult();
        }
    }

    /// <summary>An answer that nobody should have got.</summary>
    public void Unexpected(string what) => _unexpected[what] = _unexpected.GetValueOrDefault(what) + 1;

    /// <summary>Done when so many have been answered.</summary>
    public Task AnsweredAsync(long answers)
    {
        _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _awaited, answers);
        if (Answers >= answers)
        {
            _answered.TrySetResult();
        }

        return _answered.Task;
    }

    /// <summary>What has to hold. To be asked when everything is answered.</summary>
    /// <param name="counts">What was certified, by option.</param>
    /// <param name="ballots">How many ballots were certified.</param>
    /// <param name="lost">Connections that broke, with the reason.</param>
    public IReadOnlyList<Check> Checks(IReadOnlyList<long> counts, long ballots, IReadOnlyList<string> lost) =>
    [
        Check.Equal("Every ballot was answered.", Sent, Answers),
        Check.Equal("Accepted, changed, repeated and refused add up.", Answers, Acknowledged + SecondsRefused + _unexpected.Values.Sum(u => (long)u)),
        Check.Equal("Certified ballots are the voters with a receipt.", _held.Count, ballots),
        Check.Equal("First receipts are the voters with a receipt.", _held.Count, Accepted),
        .. counts.Select((count, option) => Check.Equal(FormattableString.Invariant($"So are those for option {option + 1}."), _held.Values.Count(h => h.Option == option), count)),
        Check.Equal("Receipts that two ballots got.", 0, Accepted + Changed - _receipts.Count),
        Check.Equal("Resends with another receipt than the ballot, and first ballots that were none.", 0, Contradictions),
        Check.Equal("Second votes are refused with already_voted.", Seconds, SecondsRefused),
        new("No other refusals.", _unexpected.Count == 0, _unexpected.Count == 0 ? "0" : string.Join("; ", _unexpected.Select(u => FormattableString.Invariant($"{u.Value:N0} {u.Key}")))),
        new("No connection was lost.", lost.Count == 0, lost.Count == 0 ? "0" : FormattableString.Invariant($"{lost.Count:N0}, the first one: {lost[0]}")),
    ];

    private void Take(int voter, int option, BallotKind kind, Reply reply, long dueAt)
    {
        var ballot = reply.Read<BallotReply>();
        var had = _held.TryGetValue(voter, out var held);
        var expected = kind switch
        {
            BallotKind.Resent => BallotStatus.Repeated,
            BallotKind.Meant when !had => BallotStatus.Accepted,
            BallotKind.Meant when changeable => BallotStatus.Changed,
            _ => (BallotStatus?)null,
        };
        Contradictions += ballot.Status != expected || (kind == BallotKind.Resent && !string.Equals(held.Receipt, ballot.Receipt, StringComparison.Ordinal)) ? 1 : 0;
        switch (ballot.Status)
        {
            case BallotStatus.Accepted:
                Accepted++;
                break;
            case BallotStatus.Changed:
                Changed++;
                break;
            default:
                Repeated++;
                break;
        }

        if (ballot.Status is not BallotStatus.Repeated)
        {
            _receipts.Add(ballot.Receipt);
            _held[voter] = (ballot.Receipt, option);
        }

        Receipts.Add(Stopwatch.GetElapsedTime(dueAt, reply.ArrivedAt));
        FirstAt = Math.Min(FirstAt, dueAt);
        LastAt = Math.Max(LastAt, reply.ArrivedAt);
    }
}
