using System.Globalization;
using System.Linq.Expressions;
using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Results.Feed;

/// <summary>A message as editors see it; what is in it is read at <c>content</c>.</summary>
internal sealed record FeedMessageView
{
    /// <summary>Its number: the order of arrival.</summary>
    public required long Id { get; init; }

    /// <summary>Where it came from: <c>odf</c>, <c>editors</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How many bytes it has uncompressed.</summary>
    public required int Size { get; init; }

    /// <summary>The document that it is a version of.</summary>
    public required string DocumentKey { get; init; }

    /// <summary>The document's type.</summary>
    public required string DocumentType { get; init; }

    /// <summary>The document's code.</summary>
    public required string DocumentCode { get; init; }

    /// <summary>The document's version.</summary>
    public required long Version { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Source { get; init; }

    /// <summary>How far it has come: <c>waiting</c>, <c>done</c>, <c>dead</c>.</summary>
    public required string State { get; init; }

    /// <summary>What came of it; absent while it waits.</summary>
    public string? Outcome { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether somebody should look at it although it was dealt with.</summary>
    public required bool Flagged { get; init; }

    /// <summary>What was wrong with it and could be read all the same.</summary>
    public required IReadOnlyList<string> Defects { get; init; }

    /// <summary>When it was dealt with.</summary>
    public DateTimeOffset? ProcessedAt { get; init; }

    /// <summary>Shows what was read of a message.</summary>
    public static FeedMessageView Of(FeedMessageFacts message) => new()
    {
        Id = message.Id,
        Feed = message.Feed,
        ReceivedAt = message.ReceivedAt,
        Size = message.Size,
        DocumentKey = message.DocumentKey,
        DocumentType = message.DocumentType,
        DocumentCode = message.DocumentCode,
        Version = message.Version,
        Source = message.Source,
        State = FeedMessageNames.Name(message.State),
        Outcome = message.Outcome is { } outcome ? FeedMessageNames.Name(outcome) : null,
        Reason = message.Reason,
        Flagged = message.Flagged,
        Defects = message.Defects?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        ProcessedAt = message.ProcessedAt,
    };
}

/// <summary>All that is known of a message but its content, which is large.</summary>
internal sealed record FeedMessageFacts(
    long Id,
    string Feed,
    DateTimeOffset ReceivedAt,
    int Size,
    string DocumentKey,
    string DocumentType,
    string DocumentCode,
    long Version,
    string Source,
    FeedMessageState State,
    FeedOutcome? Outcome,
    string? Reason,
    bool Flagged,
    string? Defects,
    DateTimeOffset? ProcessedAt)
{
    /// <summary>Reads them, and leaves the content where it is.</summary>
    public static Expression<Func<FeedMessage, FeedMessageFacts>> Read { get; } = m => new FeedMessageFacts(
        m.Id, m.Feed, m.ReceivedAt, m.Size, m.DocumentKey, m.DocumentType, m.DocumentCode, m.Version, m.Source, m.State, m.Outcome, m.Reason, m.Flagged, m.Defects, m.ProcessedAt);

    private static readonly Func<FeedMessage, FeedMessageFacts> FromMemory = Read.Compile();

    /// <summary>Those of a message that was read as a whole.</summary>
    public static FeedMessageFacts Of(FeedMessage message) => FromMemory(message);
}

/// <summary>How requests name a message.</summary>
internal static class FindMessages
{
    /// <summary>The number in an address.</summary>
    /// <exception cref="FanHubException"><c>not_found</c>: it is none.</exception>
    public static long Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw NoSuchMessage();

    /// <summary>There is none.</summary>
    public static FanHubException NoSuchMessage() => new(ErrorCodes.NotFound, "There is no such message.");
}
