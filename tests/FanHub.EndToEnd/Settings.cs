using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>How the servers of these tests are configured.</summary>
internal static class Settings
{
    /// <summary>A node of a cluster.</summary>
    public static Dictionary<string, string?> Node(RedisServer redis, string roles) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Redis"] = redis.ConnectionString,
        ["FanHub:Roles"] = roles,
    };

    /// <summary>An editor node of a cluster with several.</summary>
    public static Dictionary<string, string?> EditorNode(RedisServer redis, string database) => new(Node(redis, "editor"), StringComparer.Ordinal) { ["ConnectionStrings:Postgres"] = database };
}
