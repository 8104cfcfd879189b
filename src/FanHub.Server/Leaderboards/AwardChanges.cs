using FanHub.Server.Ballots;

namespace FanHub.Server.Leaderboards;

/// <summary>A chunk looked over before it goes to the store.</summary>
internal static class AwardChanges
{
    /// <summary>Its changes, one a fan.</summary>
    /// <exception cref="ArgumentException">
    /// There are too many, the source has no name, the numbers make no sense (a version that is not higher would let the same points be applied twice), a fan's number is none, or a
    /// change is beyond the limits of <see cref="BoardScore"/>.
    /// </exception>
    public static IReadOnlyList<Award> Of(AwardChunk chunk)
    {
        if (string.IsNullOrEmpty(chunk.Source) || chunk.Chunk < 0 || chunk.Expected < 0 || chunk.Version <= chunk.Expected)
        {
            throw new ArgumentException($"There is no chunk {chunk.Chunk} of '{chunk.Source}' from version {chunk.Expected} to {chunk.Version}.", nameof(chunk));
        }

        if (chunk.Awards.Count > AwardChunk.MaxAwards)
        {
            throw new ArgumentException($"{chunk.Awards.Count} awards are more than the {AwardChunk.MaxAwards} that a chunk may hold.", nameof(chunk));
        }

        var changes = new List<Award>(chunk.Awards.Count);
        var places = new Dictionary<long, int>(chunk.Awards.Count);
        foreach (var award in chunk.Awards)
        {
            Validate(award);
            if (places.TryAdd(award.Fan, changes.Count))
            {
                changes.Add(award);
                continue;
            }

            var place = places[award.Fan];
            changes[place] = new Award(award.Fan, changes[place].Points + award.Points, changes[place].TimeMs + award.TimeMs);
            Validate(changes[place]);
        }

        return changes;
    }

    private static void Validate(Award award)
    {
        if (award.Fan is < 0 or > BallotRules.MaxFan)
        {
            throw new ArgumentException($"{award.Fan} is not a fan's number.", nameof(award));
        }

        if (award.Points is < -BoardScore.MaxPoints or > BoardScore.MaxPoints || award.TimeMs is < -BoardScore.MaxTimeMs or > BoardScore.MaxTimeMs)
        {
            throw new ArgumentException($"{award.Points} points and {award.TimeMs} ms for fan {award.Fan} are more than can be held.", nameof(award));
        }
    }
}
