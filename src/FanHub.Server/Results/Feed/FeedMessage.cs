using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Results.Feed;

/// <summary>How far a stored message has come.</summary>
internal enum FeedMessageState
{
    /// <summary>Stored, not yet looked at.</summary>
    Waiting,

    /// <summary>Looked at; <see cref="FeedMessage.Outcome"/> says what came of it.</summary>
    Done,

    /// <summary>Could not be read or applied: an editor should look at it. <see cref="FeedMessage.Reason"/> says why.</summary>
    Dead,
}

/// <summary>What came of a message.</summary>
internal enum FeedOutcome
{
    /// <summary>It is what is held of its document now, or was until a newer one came.</summary>
    Applied,

    /// <summary>It invalidated a version.</summary>
    Invalidated,

    /// <summary>This version was held already.</summary>
    Duplicate,

    /// <summary>A newer version was held already.</summary>
    Older,

    /// <summary>Its type is not read.</summary>
    Ignored,

    /// <summary>Its body cannot be read.</summary>
    Unreadable,

    /// <summary>A condition that came with it (<c>If-Match</c>) did not hold.</summary>
    PreconditionFailed,
}

/// <summary>
/// A message as it came, kept for ever or until it is swept: the truth that results are derived from. Rows get their numbers in the order in which they were stored.
/// </summary>
internal sealed class FeedMessage
{
    /// <summary>The order of arrival.</summary>
    public long Id { get; init; }

    /// <summary>Where it came from: <see cref="FeedNames"/>.</summary>
    public required string Feed { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The message, compressed with gzip.</summary>
    public required byte[] Content { get; init; }

    /// <summary>How many bytes it has uncompressed.</summary>
    public required int Size { get; init; }

    /// <summary>The document that it is a version of.</summary>
    public required string DocumentKey { get; init; }

    /// <summary>The document's type, <c>DT_RESULT</c>.</summary>
    public required string DocumentType { get; init; }

    /// <summary>The document's code.</summary>
    public required string DocumentCode { get; init; }

    /// <summary>The document's version.</summary>
    public required long Version { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Source { get; init; }

    /// <summary>How far it has come.</summary>
    public FeedMessageState State { get; set; }

    /// <summary>What came of it; null while it waits.</summary>
    public FeedOutcome? Outcome { get; set; }

    /// <summary>Why, for people; null where there is nothing to say.</summary>
    public string? Reason { get; set; }

    /// <summary>What an editor should look at although it was dealt with: versions from two sources, the same version with another content.</summary>
    public bool Flagged { get; set; }

    /// <summary>What was wrong with it and could be read all the same, one a line.</summary>
    public string? Defects { get; set; }

    /// <summary>When it was dealt with.</summary>
    public DateTimeOffset? ProcessedAt { get; set; }

    /// <summary>Of an editor's result: the version of the unit's item that it made; null where it made none.</summary>
    public long? ItemVersion { get; set; }

    /// <summary>Of an editor's result: whether the unit had no item before it.</summary>
    public bool MadeItem { get; set; }

    /// <summary>Has it looked at once more, as if it had just come.</summary>
    /// <exception cref="FanHubException"><c>conflict</c>: it is waiting already.</exception>
    public void Replay()
    {
        if (State == FeedMessageState.Waiting)
        {
            throw new FanHubException(ErrorCodes.Conflict, "The message is waiting to be looked at already.");
        }

        State = FeedMessageState.Waiting;
        Outcome = null;
        Reason = null;
        Flagged = false;
        Defects = null;
        ProcessedAt = null;
    }
}

/// <summary>Where messages come from.</summary>
internal static class FeedNames
{
    /// <summary><c>POST /api/v1/feeds/odf</c>.</summary>
    public const string Odf = "odf";

    /// <summary><c>PUT /api/v1/admin/results/{unit}</c>.</summary>
    public const string Editors = "editors";
}
