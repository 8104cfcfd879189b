using System.Security.Cryptography;
using System.Text;

namespace FanHub.Testing.Topology;

/// <summary>What a part of the topology is, which decides how its health is asked for.</summary>
public enum ServiceKind
{
    /// <summary>The live state that nodes share.</summary>
    Redis,

    /// <summary>What editors write.</summary>
    Postgres,

    /// <summary>A FanHub server.</summary>
    Node,

    /// <summary>What fans and editors connect to.</summary>
    Balancer,
}

/// <summary>One process of the topology: what it is, and how it is started.</summary>
public sealed record ServicePlan
{
    /// <summary>Its name, as in <c>docker-compose.yml</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required ServiceKind Kind { get; init; }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public required int Port { get; init; }

    /// <summary>A file, or a name to be found in the path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The user that it runs as, where the caller is root and it refuses to be; null: the caller.</summary>
    public string? User { get; init; }

    /// <summary>Variables beside those of the caller.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Where it runs, and keeps what it has to keep.</summary>
    public required string Folder { get; init; }

    /// <summary>The content of its configuration file, if it has one.</summary>
    public string? Configuration { get; init; }

    /// <summary>Whether it takes a new configuration while it runs (SIGHUP), by processes that take the place of those before; else it has to be started again.</summary>
    public bool Reloads { get; init; }

    /// <summary>Tells plans apart: a process that was started by another one has to be started again.</summary>
    internal string Fingerprint => Hash(string.Join('\n', [Program, .. Arguments, .. Environment.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}")]));

    /// <summary>Tells configurations apart.</summary>
    internal string ConfigurationFingerprint => Hash(Configuration ?? "");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
