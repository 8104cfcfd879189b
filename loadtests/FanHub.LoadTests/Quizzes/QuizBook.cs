using System.Diagnostics;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;

namespace FanHub.LoadTests.Quizzes;

/// <summary>What all fans of a process together were told. Written by many at once.</summary>
internal sealed class QuizBook
{
    private readonly Lock _lock = new();
    private readonly QuizReport _report = new();

    /// <summary>Nothing is told yet.</summary>
    public QuizBook(int questions)
    {
        for (var question = 0; question < questions; question++)
        {
            _report.Reveals.Add(new(StringComparer.Ordinal));
            _report.Boards.Add(new(StringComparer.Ordinal));
            _report.Spans.Add((long.MaxValue, long.MinValue));
        }
    }

    /// <summary>What was written so far; to be read when nobody writes any more.</summary>
    public QuizReport Report => _report;

    /// <summary>Something happened.</summary>
    public void Count(QuizCount what)
    {
        lock (_lock)
        {
            _report.Counts[what] = _report[what] + 1;
        }
    }

    /// <summary>An answer that was sent for the first time got its receipt, however often it had to come again.</summary>
    public void Measured(int question, long sentAt, long arrivedAt)
    {
        lock (_lock)
        {
            _report.ReceiptUs.Add((long)Stopwatch.GetElapsedTime(sentAt, arrivedAt).TotalMicroseconds);
            var (from, to) = _report.Spans[question];
            _report.Spans[question] = (Math.Min(from, sentAt), Math.Max(to, arrivedAt));
        }
    }

    /// <summary>A fan was shown what is right.</summary>
    public void Revealed(int question, string shown) => Add(_report.Reveals[question], shown);

    /// <summary>A fan was shown the leaderboard.</summary>
    public void Board(int question, string shown) => Add(_report.Boards[question], shown);

    /// <summary>Something else happened than should have.</summary>
    public void Unexpected(string what) => Add(_report.Unexpected, what);

    /// <summary>An answer got a receipt.</summary>
    public void Acknowledged(BallotReply ballot, string? earlier)
    {
        if (ballot.Status == BallotStatus.Repeated)
        {
            Count(QuizCount.Repeated);
        }

        if (ballot.Status != (earlier is null ? BallotStatus.Accepted : BallotStatus.Repeated))
        {
            Count(QuizCount.WrongStatus);
        }

        if (earlier is not null && !string.Equals(earlier, ballot.Receipt, StringComparison.Ordinal))
        {
            Count(QuizCount.OtherReceipts);
        }
    }

    /// <summary>Something was tried that has to be refused, with one of these codes.</summary>
    public void Tried(Reply reply, QuizCount tried, QuizCount refused, params ReadOnlySpan<string> codes)
    {
        Count(tried);
        if (reply.ErrorCode is { } code && codes.Contains(code))
        {
            Count(refused);
        }
    }

    private void Add(Dictionary<string, int> to, string what)
    {
        lock (_lock)
        {
            to[what] = to.GetValueOrDefault(what) + 1;
        }
    }
}
