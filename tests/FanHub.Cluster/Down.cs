using System.ComponentModel;
using FanHub.Testing.Topology;

namespace FanHub.Cluster;

/// <summary><c>./cluster down</c>: ends what was started, and nothing else.</summary>
internal static class Down
{
    /// <summary>Does it.</summary>
    public static async Task<int> RunAsync(ClusterFolder folder)
    {
        using var alone = await folder.LockAsync();
        var ended = 0;
        var failed = 0;

        // Nobody new comes in; then nodes end, which take their leave of fans; then what they lean on.
        foreach (var step in folder.Processes.Services.GroupBy(s => s.Kind switch { ServiceKind.Balancer => 0, ServiceKind.Node => 1, _ => 2 }).OrderBy(g => g.Key))
        {
            await Task.WhenAll(step.Select(async service =>
            {
                try
                {
                    if (await folder.Processes.StopAsync(service))
                    {
                        Interlocked.Increment(ref ended);
                        Console.WriteLine($"  {service.Name} has ended");
                    }
                }
                catch (Exception e) when (e is TimeoutException or Win32Exception or IOException or UnauthorizedAccessException)
                {
                    // The others end all the same.
                    Interlocked.Increment(ref failed);
                    await Console.Error.WriteLineAsync($"  {service.Name} could not be ended: {e.Message}");
                }
            }));
        }

        if (failed > 0)
        {
            return 1;
        }

        File.Delete(folder.EnvironmentFile);
        Console.WriteLine(ended == 0 ? "Nothing ran." : $"The cluster is down. Its data stays in {folder.Path}");
        return 0;
    }
}
