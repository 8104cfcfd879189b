namespace FanHub.Server.Leaderboards;

/// <summary>
/// What changes for some fans because of one source. The chunk with the same number is always about the same fans; its versions tell results of the source apart (1: the first
/// result, 2: the corrected one), and its changes are the difference from the expected version to the new one. Who finds another version there takes the difference from that one.
/// </summary>
/// <param name="Source">What the points are for: a question's or a prediction's id.</param>
/// <param name="Chunk">The number within the source, from 0.</param>
/// <param name="Expected">The version that the changes are counted from; 0 where nothing was applied yet.</param>
/// <param name="Version">The version that they lead to, higher than <paramref name="Expected"/>.</param>
/// <param name="Awards">The changes. Those of one fan add up.</param>
internal sealed record AwardChunk(string Source, long Chunk, long Expected, long Version, IReadOnlyList<Award> Awards)
{
    /// <summary>The most changes of one chunk: bounds how long the store is busy with it.</summary>
    public const int MaxAwards = 4096;
}

/// <summary>What changes for a fan. A change of nothing makes a participant of whoever is none.</summary>
/// <param name="Fan">The fan's number.</param>
/// <param name="Points">Points more, or less where negative.</param>
/// <param name="TimeMs">Milliseconds saved more, or less where negative.</param>
internal readonly record struct Award(long Fan, long Points, long TimeMs);
