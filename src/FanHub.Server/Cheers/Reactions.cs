namespace FanHub.Server.Cheers;

/// <summary>How fans may cheer in a channel, as editors decided.</summary>
internal sealed class Reactions
{
    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The names, in the editor's order; none: fans may not cheer there.</summary>
    public required List<string> Names { get; set; }

    /// <summary>Grows by one with every change; also the version of the item.</summary>
    public long Version { get; set; } = 1;

    /// <summary>When it was first decided.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }
}
