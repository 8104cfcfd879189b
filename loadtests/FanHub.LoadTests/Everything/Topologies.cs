using System.Globalization;
using FanHub.LoadTests.Profiling;
using FanHub.Testing;
using FanHub.Testing.Topology;

namespace FanHub.LoadTests.Everything;

/// <summary>Servers that are started for a step and end with it, and how a scenario is told of them.</summary>
internal sealed class StartedServers(IReadOnlyList<string> arguments, IReadOnlyList<int> nodes, Func<ValueTask> stop) : IAsyncDisposable
{
    /// <summary>FanHub's processes; the first one serves fans.</summary>
    public IReadOnlyList<int> Nodes => nodes;

    /// <summary>What to say to a scenario: where they are, which processes, which key.</summary>
    public IReadOnlyList<string> Arguments => arguments;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stop();
}

/// <summary>The ways in which FanHub runs.</summary>
internal static class Topologies
{
    /// <summary>One server that keeps everything itself.</summary>
    /// <param name="sampled">Whether it is to be sampled.</param>
    public static async Task<StartedServers> StartEmbeddedAsync(bool sampled)
    {
        var server = await FanHubProcess.StartNewAsync(Settings(sampled));
        var pid = Text(server.Process.Id);
        return new StartedServers(["--url", Url(server.Address), "--key", FanHubProcess.AdminKey, "--server-pid", pid, "--fan-pid", pid], [server.Process.Id], server.DisposeAsync);
    }

    /// <summary>Two nodes for fans and two for editors, with Redis and PostgreSQL: what <c>./cluster</c> starts, around its balancer.</summary>
    /// <param name="sampled">Whether nodes are to be sampled.</param>
    public static async Task<StartedServers> StartClusterAsync(bool sampled)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"fanhub-load-{Guid.NewGuid():N}")).FullName;
        var processes = new AttachedProcesses();
        try
        {
            var options = new ClusterOptions { Folder = folder, Settings = Settings(sampled) };
            var cluster = await LocalCluster.StartAsync(options, processes);
            var fans = cluster.FanNodes.Select(n => Text(n.Process.Id)).ToList();
            return new StartedServers(
                [
                    "--url", .. cluster.FanNodes.Select(n => Url(n.Address)), "--editor-url", Url(cluster.EditorNodes[0].Address), "--key", options.AdminKey,
                    "--server-pid", .. fans, .. cluster.EditorNodes.Select(n => Text(n.Process.Id)), "--fan-pid", .. fans,
                    "--redis-pid", Text(cluster.Redis.Process.Id), "--log-redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{cluster.Redis.Port}"),
                ],
                [.. cluster.FanNodes.Concat(cluster.EditorNodes).Select(n => n.Process.Id)],
                StopAsync);
        }
        catch
        {
            await StopAsync();
            throw;
        }

        async ValueTask StopAsync()
        {
            await processes.DisposeAsync();
            // PostgreSQL's own processes notice a moment later that it was ended, and may still write until then.
            await Eventually.GetAsync(() =>
            {
                Directory.Delete(folder, recursive: true);
                return Task.FromResult(true);
            });
        }
    }

    private static Dictionary<string, string?> Settings(bool sampled)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Limits:Enabled"] = "false", ["FanHub:Drain:Window"] = "00:00:00.5" };
        if (sampled)
        {
            foreach (var (name, value) in Sampling.Settings)
            {
                settings[name] = value;
            }
        }

        return settings;
    }

    private static string Url(Uri address) => address.ToString().TrimEnd('/');

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);
}
