using FanHub.Server.Hosting;

namespace FanHub.Server.Storage;

/// <summary>Where this node keeps what editors make.</summary>
internal sealed record EditorialDatabase
{
    /// <summary>The PostgreSQL that editor nodes share; null for a file in the data directory.</summary>
    public required string? Postgres { get; init; }

    /// <summary>Whether the live side is in Redis, and does not end with this process.</summary>
    public required bool LiveSideIsShared { get; init; }

    /// <summary>Whether fans come to this node too. They can do without the database, so a node is not taken from them when it is away.</summary>
    public required bool ServesFans { get; init; }

    /// <summary>Whether other nodes may use it at the same time.</summary>
    public bool IsShared => Postgres is not null;

    /// <summary>The database of a node.</summary>
    public static EditorialDatabase Of(Node node) => new()
    {
        Postgres = node.Postgres is null ? null : PostgresSettings.ConnectionString(node.Postgres),
        LiveSideIsShared = node.Redis is not null,
        ServesFans = node.ServesFans,
    };
}
