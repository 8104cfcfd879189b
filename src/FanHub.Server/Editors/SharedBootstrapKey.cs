namespace FanHub.Server.Editors;

/// <summary>The hash of the admin key that editor nodes on one database share. There is one row at most.</summary>
internal sealed class SharedBootstrapKey
{
    /// <summary>The id of the only row.</summary>
    public const int OnlyId = 1;

    /// <summary>Always <see cref="OnlyId"/>.</summary>
    public int Id { get; init; } = OnlyId;

    /// <summary>SHA-256 of the key, in hexadecimal. The key itself is known to the node that made it.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
