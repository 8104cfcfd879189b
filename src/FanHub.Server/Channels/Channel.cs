namespace FanHub.Server.Channels;

/// <summary>What fans follow, as editors made it.</summary>
internal sealed class Channel
{
    /// <summary>Its id, for example <c>athletics.mens-100m</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, by language.</summary>
    public required Dictionary<string, string> Title { get; set; }

    /// <summary>The language that texts fall back to; every text has it.</summary>
    public required string DefaultLocale { get; set; }

    /// <summary>Languages that an item must have before it may be published.</summary>
    public required List<string> RequiredLocales { get; set; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; set; } = 1;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }
}
