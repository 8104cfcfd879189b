namespace FanHub.Server.Results.Feed;

/// <summary>Which node derives results from messages. There is one at a time; another takes over where it does not renew in time.</summary>
internal sealed class FeedLease
{
    /// <summary>What is leased.</summary>
    public required string Name { get; init; }

    /// <summary>The node that has it.</summary>
    public required string Holder { get; set; }

    /// <summary>Grows with every change of hands, so that a holder who lost it in its sleep changes nothing any more.</summary>
    public required long Term { get; set; }

    /// <summary>Until when, unless it is renewed.</summary>
    public required DateTimeOffset Until { get; set; }
}
