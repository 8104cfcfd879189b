namespace FanHub.Server.Exports.Recount;

/// <summary>Looks over a leaderboard that comes without ballots: whether its order and its ranks follow from what it says that everybody has.</summary>
internal sealed class CheckRanks(Differences differences)
{
    private readonly HashSet<UInt128> _fans = [];
    private StatedPlace _last;

    /// <summary>Looks at the next place.</summary>
    public void Check(in StatedPlace place)
    {
        var fan = StatedText.Of(place.Fan);
        if (!_fans.Add(place.Fan))
        {
            differences.Add($"Leaderboard: fan {fan} is there more than once.");
        }

        var first = _fans.Count == 1;
        var order = first ? -1 : (place.Score, place.SavedMs).CompareTo((_last.Score, _last.SavedMs));
        if (order > 0)
        {
            differences.Add($"Leaderboard: fan {fan} is better than the one before.");
        }

        differences.Compare($"Leaderboard: rank of fan {fan}", order == 0 ? _last.Rank : _fans.Count, place.Rank);
        _last = place;
    }
}
