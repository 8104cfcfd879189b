namespace FanHub.Testing.Topology;

/// <summary>How a cluster is made.</summary>
public sealed record ClusterOptions
{
    /// <summary>Where everything is kept, a folder for each service in it.</summary>
    public required string Folder { get; init; }

    /// <summary>The admin key of its editor nodes.</summary>
    public string AdminKey { get; init; } = FanHubProcess.AdminKey;

    /// <summary>How many nodes serve fans.</summary>
    public int FanNodes { get; init; } = 2;

    /// <summary>How many nodes serve editors.</summary>
    public int EditorNodes { get; init; } = 2;

    /// <summary>The server, as <c>FanHub.Server.dll</c>.</summary>
    public string Server { get; init; } = FanHubProcess.Program;

    /// <summary>Whether the balancer can take new nodes in without cutting anybody off. It is made of several processes then, which do not end by themselves when the first one is killed.</summary>
    public bool ReloadableBalancer { get; init; }

    /// <summary>More settings for all nodes, with colons: <c>FanHub:Limits:Enabled</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);
}
