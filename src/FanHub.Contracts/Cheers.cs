namespace FanHub.Contracts;

/// <summary>
/// Argument of <c>Cheer</c>. Dropped without a word where the connection does not follow the channel, the channel has no such reaction, or the fan taps faster than is allowed.
/// </summary>
public sealed record CheerRequest
{
    /// <summary>The most taps that one message may carry.</summary>
    public const int MaxCount = 50;

    /// <summary>The channel to cheer in. The connection has to follow it.</summary>
    public required string Channel { get; init; }

    /// <summary>One of the channel's reactions (<see cref="ReactionsItem"/>).</summary>
    public required string Reaction { get; init; }

    /// <summary>How many taps since the last message, 1 to <see cref="MaxCount"/>. Clients gather taps, and send about two messages a second.</summary>
    public required int Count { get; init; }
}

/// <summary>How fans may cheer in a channel: the <c>data</c> of <c>reactions:{channel}</c>. Where there is no such item, they may not.</summary>
public sealed record ReactionsItem
{
    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>1 to 12 names, in the editor's order: 1 to 24 of a-z, 0-9, hyphen and underscore.</summary>
    public required IReadOnlyList<string> Reactions { get; init; }
}

/// <summary>How fans cheer just now, over all nodes: the <c>data</c> of <c>cheer:{channel}</c>. One for each second in which somebody cheers, and none for the others.</summary>
public sealed record CheerItem
{
    /// <summary>The channel.</summary>
    public required string Of { get; init; }

    /// <summary>Taps per second for each reaction; those that nobody tapped are not in here.</summary>
    public required IReadOnlyDictionary<string, long> Rates { get; init; }

    /// <summary>How many seconds this is the rate of.</summary>
    public required int Seconds { get; init; }
}
