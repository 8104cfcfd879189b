using System.Diagnostics;
using System.Globalization;
using FanHub.Testing;
using FanHub.Testing.Topology;

namespace FanHub.Cluster;

/// <summary><c>./cluster up</c>: starts what does not run, and says where it is.</summary>
internal static class Up
{
    private const int MostFanNodes = 32;

    /// <summary>Does it.</summary>
    public static async Task<int> RunAsync(ClusterFolder folder, string[] arguments)
    {
        var fans = arguments switch
        {
            [] => 2,
            ["--fans", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MostFanNodes => n,
            _ => throw new ClusterException($"./cluster up takes --fans and a number from 1 to {MostFanNodes}, and nothing else."),
        };
        var clock = Stopwatch.StartNew();
        using var alone = await folder.LockAsync();
        folder.LetPostgresIn();
        var options = new ClusterOptions
        {
            Folder = folder.Services,
            Settings = ClusterSettings.Settle(folder),
            AdminKey = folder.AdminKey(),
            FanNodes = fans,
            Server = folder.Server(),
            ReloadableBalancer = true,
        };
        LocalCluster cluster;
        try
        {
            cluster = await LocalCluster.StartAsync(options, folder.Processes, line => Console.WriteLine($"  {line}"));
            await EndSurplusAsync(folder, options);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or PortTakenException)
        {
            throw new ClusterException($"{e.Message}\nWhat did start still runs: ./cluster status, ./cluster down");
        }

        DurableFile.Write(folder.EnvironmentFile, Describe(cluster, options.AdminKey), secret: true);
        Console.WriteLine($"""

            The cluster is up, after {clock.Elapsed.TotalSeconds:0.0} s:
              page       {cluster.Address}
              admin API  {cluster.Address}api/v1/admin   described at {cluster.Address}openapi/v1.json
              admin key  {options.AdminKey}
              settings   {(options.Settings.Count == 0 ? "none of the environment" : string.Join(", ", options.Settings.Keys.Order(StringComparer.Ordinal)))}
            Scripts find these, every port and every process in {folder.EnvironmentFile}
            """);
        return 0;
    }

    /// <summary>Ends nodes that there are too many of, now that the balancer sends nobody there any more.</summary>
    private static async Task EndSurplusAsync(ClusterFolder folder, ClusterOptions options)
    {
        var plans = new ServicePlans(options);
        foreach (var surplus in folder.Processes.Services.Where(s => !plans.Has(s.Name)))
        {
            if (await folder.Processes.StopAsync(surplus))
            {
                Console.WriteLine($"  {surplus.Name} has ended: it is one too many");
            }

            folder.Processes.Forget(surplus);
        }
    }

    private static string Describe(LocalCluster cluster, string key) => $"""
        FANHUB_URL={Url(cluster.Balancer)}
        FANHUB_KEY={key}
        FANHUB_FAN_URLS={string.Join(',', cluster.FanNodes.Select(Url))}
        FANHUB_EDITOR_URLS={string.Join(',', cluster.EditorNodes.Select(Url))}
        FANHUB_FAN_PIDS="{Pids(cluster.FanNodes)}"
        FANHUB_EDITOR_PIDS="{Pids(cluster.EditorNodes)}"
        FANHUB_BALANCER_PID={cluster.Balancer.Process.Id}
        FANHUB_REDIS_PID={cluster.Redis.Process.Id}
        FANHUB_REDIS_PORT={cluster.Redis.Port}
        FANHUB_POSTGRES_PORT={cluster.Postgres.Port}
        export FANHUB_KEY

        """;

    private static string Url(ClusterService service) => service.Address.ToString().TrimEnd('/');

    private static string Pids(IEnumerable<ClusterService> services) => string.Join(' ', services.Select(s => s.Process.Id));
}
