using System.Text.Json;
using FanHub.Testing.Topology;

namespace FanHub.Cluster;

/// <summary>The settings that all nodes of a cluster have: those of the environment in which the first of them was started, until the cluster goes down.</summary>
internal static class ClusterSettings
{
    /// <summary>Settles which they are.</summary>
    /// <exception cref="ClusterException">Nodes run with others than are wanted now.</exception>
    public static IReadOnlyDictionary<string, string?> Settle(ClusterFolder folder)
    {
        var file = Path.Combine(folder.Path, "settings.json");
        var wanted = NodeSettings.OfEnvironment();
        if (!folder.Running.Any(s => s.Kind == ServiceKind.Node))
        {
            // Secret: keys may be among them.
            DurableFile.Write(file, JsonSerializer.Serialize(wanted), secret: true);
            return wanted;
        }

        var kept = Read(file) ?? throw new ClusterException($"With which settings the nodes run cannot be told any more, for {file} cannot be read. Run ./cluster down, then up.");
        // What is not said now stays as it is: whoever mends a cluster need not know how it was started.
        var others = wanted.Where(w => !kept.TryGetValue(w.Key, out var value) || !string.Equals(value, w.Value, StringComparison.Ordinal)).Select(w => w.Key).Order(StringComparer.Ordinal).ToList();
        return others.Count == 0 ? kept : throw new ClusterException($"The cluster runs already, with another value, or none, for {string.Join(", ", others)}. Nothing was changed. Run ./cluster down first, then up with the new settings.");
    }

    private static Dictionary<string, string?>? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
