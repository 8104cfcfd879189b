using FanHub.Testing.Topology;

namespace FanHub.Cluster;

/// <summary><c>./cluster status</c>: each process, its port, and how it is.</summary>
internal static class Status
{
    /// <summary>Does it.</summary>
    /// <returns>0 where everything runs and is well.</returns>
    public static async Task<int> RunAsync(ClusterFolder folder)
    {
        var services = folder.Processes.Services;
        if (folder.Running.Count == 0)
        {
            Console.WriteLine("Nothing runs. Start it with ./cluster up");
            return 1;
        }

        var states = await Task.WhenAll(services.Select(async s => (Service: s, Process: folder.Processes.Find(s.Name), Problem: await ProblemAsync(s))));
        Console.WriteLine($"{"service",-12} {"process",8} {"port",6}  health");
        foreach (var (service, process, problem) in states)
        {
            Console.WriteLine($"{service.Name,-12} {(process is null ? "-" : process.Id),8} {(service.Port is null ? "-" : service.Port),6}  {(process is null ? "has ended; ./cluster up starts it again" : problem ?? "well")}");
        }

        return states.All(s => s is { Process: not null, Problem: null }) ? 0 : 1;
    }

    private static async Task<string?> ProblemAsync(DetachedService service) =>
        service.Port is { } port ? await ServiceHealth.ProblemAsync(service.Kind, port) : "its service.json cannot be read, so nobody knows its port; ./cluster up starts another one in its place";
}
