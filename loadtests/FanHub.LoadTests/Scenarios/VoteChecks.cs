using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>What has to hold after a burst of votes.</summary>
internal static class VoteChecks
{
    /// <summary>Compares what fans were told with what was counted.</summary>
    /// <param name="voters">The fans.</param>
    /// <param name="book">What they were answered.</param>
    /// <param name="result">The certified result, as the admin API gives it.</param>
    /// <param name="shown">What each fan was shown at the end.</param>
    /// <param name="differing">How many hold something else than the server says.</param>
    /// <param name="lost">Why connections broke.</param>
    public static IReadOnlyList<Check> Make(IReadOnlyList<Voter> voters, BallotBook book, JsonElement result, IReadOnlyList<TallyItem?> shown, int differing, IReadOnlyList<string> lost)
    {
        var acknowledged = voters.Where(v => v.Receipt is not null).ToList();
        var byOption = acknowledged.CountBy(v => v.Plan.Choice, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var counts = result.GetProperty("counts").Deserialize<Dictionary<string, long>>()!;
        var ballots = result.GetProperty("ballots").GetInt64();
        return
        [
            Check.Equal("Certified ballots are the acknowledged ones.", acknowledged.Count, ballots),
            .. counts.Keys.Union(byOption.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(option =>
                Check.Equal($"So are those for option {option}.", byOption.GetValueOrDefault(option), counts.GetValueOrDefault(option))),
            Check.Equal("Fans whose ballot at the server is another one than theirs.", 0, differing),
            Check.Equal("Fans with the same receipt as another fan.", 0, acknowledged.Count - acknowledged.Select(v => v.Receipt).Distinct(StringComparer.Ordinal).Count()),
            Check.Equal("Resends with another receipt than the ballot.", 0, book.OtherReceipts),
            Check.Equal("Wrong status: first answers are accepted, the rest repeated.", 0, book.WrongStatus),
            Check.Equal("Second votes are refused with already_voted.", book.SecondVotes, book.SecondVotesRefused),
            new("No other refusals, and no ballot without an answer.", book.Unexpected.Count == 0, book.Unexpected.Count == 0 ? "0" : string.Join("; ", book.Unexpected.Select(u => FormattableString.Invariant($"{u.Value:N0} {u.Key}")))),
            new("The running count agreed with the recount.", !result.TryGetProperty("mismatch", out var mismatch) || mismatch.ValueKind == JsonValueKind.Null, mismatch.ToString()),
            Check.Equal("Fans who were shown the certified count.", voters.Count, shown.Count(tally => IsSame(tally, counts, ballots))),
            new("No connection was lost.", lost.Count == 0, lost.Count == 0 ? "0" : FormattableString.Invariant($"{lost.Count:N0}, the first one: {lost[0]}")),
        ];
    }

    private static bool IsSame(TallyItem? tally, Dictionary<string, long> counts, long ballots) =>
        tally is not null && tally.Ballots == ballots && tally.Final && tally.Counts.Count == counts.Count && tally.Counts.All(c => counts.TryGetValue(c.Key, out var count) && count == c.Value);
}
