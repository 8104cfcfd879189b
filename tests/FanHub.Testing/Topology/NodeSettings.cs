using System.Collections;

namespace FanHub.Testing.Topology;

/// <summary>Variables of the environment that nodes take for settings.</summary>
public static class NodeSettings
{
    private static readonly string[] Prefixes = ["FanHub__", "ConnectionStrings__", "Serilog__", "Kestrel__", "ASPNETCORE_", "DOTNET_ENVIRONMENT"];

    // What the cluster decides itself, for each node.
    private static readonly HashSet<string> Decided = new(
        ServicePlans.FanSettings("").Keys.Concat(ServicePlans.EditorSettings("", "", "").Keys).Concat(ServicePlans.CommonSettings("", "", "").Keys).Select(s => s.Replace(":", "__", StringComparison.Ordinal)),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a node would take this variable for a setting.</summary>
    public static bool Includes(string variable) => Decided.Contains(variable) || Prefixes.Any(p => variable.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    /// <summary>Those of this process that reach the nodes of a cluster: all but what the cluster decides itself.</summary>
    public static IReadOnlyDictionary<string, string?> OfEnvironment() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(v => (Name: (string)v.Key, Value: (string?)v.Value)).Where(v => Includes(v.Name) && !Decided.Contains(v.Name))
        .ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
}
