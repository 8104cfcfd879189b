namespace FanHub.Server.Channels;

/// <summary>A channel as editors see it.</summary>
internal sealed record ChannelView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, by language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>The language that texts fall back to; every text has it.</summary>
    public required string DefaultLocale { get; init; }

    /// <summary>Languages that an item must have before it may be published.</summary>
    public required IReadOnlyList<string> RequiredLocales { get; init; }

    /// <summary>Grows with every change; also the <c>ETag</c>.</summary>
    public required long Version { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Shows a channel.</summary>
    public static ChannelView Of(Channel channel) => new()
    {
        Id = channel.Id,
        Title = channel.Title,
        DefaultLocale = channel.DefaultLocale,
        RequiredLocales = channel.RequiredLocales,
        Version = channel.Version,
        CreatedAt = channel.CreatedAt,
        UpdatedAt = channel.UpdatedAt,
    };
}
