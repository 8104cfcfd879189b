namespace FanHub.LoadTests.Quizzes;

/// <summary>What a process that plays fans has to know.</summary>
internal sealed record QuizGroupSettings
{
    /// <summary>The nodes that fans connect to, in turn.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>The channel that they follow.</summary>
    public required string Channel { get; init; }

    /// <summary>The quiz's id.</summary>
    public required string QuizId { get; init; }

    /// <summary>The first of its fans.</summary>
    public required int First { get; init; }

    /// <summary>How many they are.</summary>
    public required int Count { get; init; }

    /// <summary>The quiz.</summary>
    public required QuizLoad Quiz { get; init; }

    /// <summary>Percentage of the answers that are sent twice.</summary>
    public required double Duplicates { get; init; }

    /// <summary>Percentage of the answers that somebody tries to replace.</summary>
    public required double SecondVotes { get; init; }

    /// <summary>Percentage of the answers that come when the question is closed.</summary>
    public required double Late { get; init; }
}

/// <summary>What the process that plays fans is asked for.</summary>
internal enum QuizRequest
{
    /// <summary>Connect and follow.</summary>
    Gather,

    /// <summary>Wait until all who answer in time have been answered.</summary>
    Answered,

    /// <summary>Wait until all have seen that the question is closed, and those who are too late have been refused.</summary>
    Closed,

    /// <summary>Wait until all have seen the leaderboard that follows the reveal.</summary>
    Board,

    /// <summary>Ask where everybody stands, leave, and tell everything.</summary>
    End,
}

/// <summary>A request.</summary>
/// <param name="What">What is asked for.</param>
/// <param name="Question">Of which question, from 0.</param>
internal sealed record QuizOrder(QuizRequest What, int Question);

/// <summary>An answer, or what has happened on the way to it.</summary>
internal sealed record QuizMessage
{
    /// <summary>How many more have connected; everything else is absent then.</summary>
    public int Arrived { get; init; }

    /// <summary>Why it failed; absent where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>When each saw what was revealed, in stopwatch ticks, which all processes of a machine share.</summary>
    public IReadOnlyList<long>? Revealed { get; init; }

    /// <summary>When each saw the leaderboard.</summary>
    public IReadOnlyList<long>? Boards { get; init; }

    /// <summary>Everything, in the end.</summary>
    public QuizReport? Report { get; init; }
}
