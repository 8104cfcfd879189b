namespace FanHub.Contracts;

/// <summary>Public state of a prediction, the <c>data</c> of <c>prediction:{id}</c>: a poll that one can be right in.</summary>
public sealed record PredictionItem : PollItem
{
    /// <summary>What each correct outcome that a ballot names earns.</summary>
    public required int Points { get; init; }

    /// <summary>The unit of results that it is about, where it is about one.</summary>
    public string? Unit { get; init; }

    /// <summary>Ids of the correct outcomes, once it is settled; empty where none of them was.</summary>
    public IReadOnlyList<string>? Correct { get; init; }

    /// <summary>How often it has been settled or made void; above 1 it was corrected. Absent before.</summary>
    public int? Settlement { get; init; }
}
