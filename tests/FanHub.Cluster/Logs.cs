using System.Diagnostics;

namespace FanHub.Cluster;

/// <summary><c>./cluster logs</c>: the last lines of every log, or one of them as it grows.</summary>
internal static class Logs
{
    private const string LastLines = "20";

    /// <summary>Does it.</summary>
    public static async Task<int> RunAsync(ClusterFolder folder, string[] names)
    {
        var services = folder.Processes.Services.Select(s => s.Name).ToList();
        if (services.Count == 0)
        {
            throw new ClusterException("There are no logs. Start the cluster with ./cluster up");
        }

        if (names.Except(services, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new ClusterException($"There is no service '{unknown}'; there are {string.Join(", ", services)}.");
        }

        var files = (names.Length == 0 ? services : names.AsEnumerable()).Select(folder.Processes.LogOf);
        using var tail = Process.Start("tail", names.Length == 0 ? ["-n", LastLines, "--", .. files] : ["-n", "+1", "-F", "--", .. files]);
        await tail.WaitForExitAsync();
        return tail.ExitCode;
    }
}
