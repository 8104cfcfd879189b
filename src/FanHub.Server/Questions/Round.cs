namespace FanHub.Server.Questions;

/// <summary>One ballot box with what has to be known to count it: a poll's, a prediction's, or that of one question of a quiz.</summary>
/// <param name="Kind">What it belongs to: <c>poll</c>, <c>prediction</c> or <c>quiz</c>.</param>
/// <param name="Id">The box's id.</param>
/// <param name="Channel">The channel.</param>
/// <param name="OptionIds">Ids of the options; ballots name them by their place here.</param>
/// <param name="MaxChoices">How many options a ballot may name.</param>
/// <param name="OpensAt">When it opened; ballots' times are counted from here.</param>
internal sealed record Round(string Kind, string Id, string Channel, IReadOnlyList<string> OptionIds, int MaxChoices, DateTimeOffset OpensAt)
{
    /// <summary>How many options there are.</summary>
    public int Options => OptionIds.Count;
}
