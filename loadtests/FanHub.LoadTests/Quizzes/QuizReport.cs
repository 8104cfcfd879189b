using FanHub.Contracts;

namespace FanHub.LoadTests.Quizzes;

/// <summary>An answer that got a receipt.</summary>
/// <param name="Choice">The option, by place.</param>
/// <param name="Receipt">The receipt.</param>
/// <param name="At">When the server received it, as the receipt says.</param>
internal sealed record AcknowledgedAnswer(int Choice, string Receipt, DateTimeOffset At);

/// <summary>What fans were told. Reports of several processes add up.</summary>
internal sealed record QuizReport
{
    /// <summary>For each fan, for each question, the answer that got a receipt; null where none did.</summary>
    public List<AcknowledgedAnswer?[]> Answers { get; init; } = [];

    /// <summary>For each fan, the standing in the end.</summary>
    public List<Standing> Standings { get; init; } = [];

    /// <summary>For each question, what fans were shown at the reveal, and how many were.</summary>
    public List<Dictionary<string, int>> Reveals { get; init; } = [];

    /// <summary>For each question, the leaderboards that fans were shown after it, and how many were.</summary>
    public List<Dictionary<string, int>> Boards { get; init; } = [];

    /// <summary>How long first answers took to their receipts, in µs.</summary>
    public List<long> ReceiptUs { get; init; } = [];

    /// <summary>When first answers were sent, and receipts came, in stopwatch ticks: the first and the last of each question.</summary>
    public List<(long From, long To)> Spans { get; init; } = [];

    /// <summary>Counted, by name.</summary>
    public Dictionary<QuizCount, long> Counts { get; init; } = [];

    /// <summary>Answers that nobody should have got, by code, and calls without an answer, by reason.</summary>
    public Dictionary<string, int> Unexpected { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Why connections broke.</summary>
    public List<string> Lost { get; init; } = [];

    /// <summary>What was counted; 0 where it never happened.</summary>
    public long this[QuizCount count] => Counts.GetValueOrDefault(count);

    /// <summary>Adds those of another process.</summary>
    public void Add(QuizReport other)
    {
        Answers.AddRange(other.Answers);
        Standings.AddRange(other.Standings);
        Merge(Reveals, other.Reveals);
        Merge(Boards, other.Boards);
        ReceiptUs.AddRange(other.ReceiptUs);
        for (var question = 0; question < other.Spans.Count; question++)
        {
            if (question == Spans.Count)
            {
                Spans.Add(other.Spans[question]);
            }

            Spans[question] = (Math.Min(Spans[question].From, other.Spans[question].From), Math.Max(Spans[question].To, other.Spans[question].To));
        }

        foreach (var (count, number) in other.Counts)
        {
            Counts[count] = this[count] + number;
        }

        Merge(Unexpected, other.Unexpected);
        Lost.AddRange(other.Lost);
    }

    private static void Merge(List<Dictionary<string, int>> into, List<Dictionary<string, int>> from)
    {
        for (var question = 0; question < from.Count; question++)
        {
            if (question == into.Count)
            {
                into.Add(new(StringComparer.Ordinal));
            }

            Merge(into[question], from[question]);
        }
    }

    private static void Merge(Dictionary<string, int> into, Dictionary<string, int> from)
    {
        foreach (var (name, number) in from)
        {
            into[name] = into.GetValueOrDefault(name) + number;
        }
    }
}

/// <summary>What is counted on a quiz night.</summary>
internal enum QuizCount
{
    /// <summary>Calls of <c>Answer</c> to questions that are measured, while these were open, that were answered, whatever with.</summary>
    Calls,

    /// <summary>Messages of the channel that fans got.</summary>
    Heard,

    /// <summary>Resends that were told that they are.</summary>
    Repeated,

    /// <summary>Resends that got another receipt than the answer.</summary>
    OtherReceipts,

    /// <summary>First answers other than <c>accepted</c>, and resends other than <c>repeated</c>.</summary>
    WrongStatus,

    /// <summary>Attempts to answer again.</summary>
    SecondAnswers,

    /// <summary>Those that were told <c>already_voted</c>, or <c>closed</c> where the time was up by then.</summary>
    SecondAnswersRefused,

    /// <summary>Answers to closed questions.</summary>
    TooLate,

    /// <summary>Those that were told <c>closed</c>.</summary>
    TooLateRefused,

    /// <summary>Answers that were told to come again.</summary>
    Retries,

    /// <summary>Messages that told something of what is right, or of the count, before the reveal.</summary>
    Spoilers,
}
