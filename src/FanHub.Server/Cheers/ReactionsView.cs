namespace FanHub.Server.Cheers;

/// <summary>A channel's reactions as editors see them.</summary>
internal sealed record ReactionsView
{
    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The names, in the editor's order; none: fans may not cheer there.</summary>
    public required IReadOnlyList<string> Reactions { get; init; }

    /// <summary>Grows with every change; also the <c>ETag</c>.</summary>
    public required long Version { get; init; }

    /// <summary>When it was first decided.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Shows a channel's reactions.</summary>
    public static ReactionsView Of(Reactions reactions) => new()
    {
        Channel = reactions.Channel,
        Reactions = reactions.Names,
        Version = reactions.Version,
        CreatedAt = reactions.CreatedAt,
        UpdatedAt = reactions.UpdatedAt,
    };
}
