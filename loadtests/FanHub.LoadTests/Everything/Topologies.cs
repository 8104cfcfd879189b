using System.Globalization;
using FanHub.Testing;
using FanHub.Testing.Topology;

namespace FanHub.LoadTests.Everything;

/// <summary>Servers that are started for a step and end with it, and how a scenario is told of them.</summary>
internal sealed class StartedServers(IReadOnlyList<string> arguments, Func<ValueTask> stop) : IAsyncDisposable
{
    /// <summary>What to say to a scenario: where they are, which processes, which key.</summary>
    public IReadOnlyList<string> Arguments => arguments;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stop();
}

/// <summary>The ways in which FanHub runs.</summary>
internal static class Topologies
{
    private static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal)
    {
        ["FanHub:Limits:Enabled"] = "false",
        ["FanHub:Drain:Window"] = "00:00:00.5",
    };

    /// <summary>One server that keeps everything itself.</summary>
    public static async Task<StartedServers> StartEmbeddedAsync()
    {
        var server = await FanHubProcess.StartNewAsync(Settings);
        var pid = Text(server.Process.Id);
        return new StartedServers(["--url", Url(server.Address), "--key", FanHubProcess.AdminKey, "--server-pid", pid, "--fan-pid", pid], server.DisposeAsync);
    }

    /// <summary>Two nodes for fans and two for editors, with Redis and PostgreSQL: what <c>./cluster</c> starts, around its balancer.</summary>
    public static async Task<StartedServers> StartClusterAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"fanhub-load-{Guid.NewGuid():N}")).FullName;
        var processes = new AttachedProcesses();
        try
        {
            var options = new ClusterOptions { Folder = folder, Settings = Settings };
            var cluster = await LocalCluster.StartAsync(options, processes);
            var fans = cluster.FanNodes.Select(n => Text(n.Process.Id)).ToList();
            return new StartedServers(
                [
                    "--url", .. cluster.FanNodes.Select(n => Url(n.Address)), "--editor-url", Url(cluster.EditorNodes[0].Address), "--key", options.AdminKey,
                    "--server-pid", .. fans, .. cluster.EditorNodes.Select(n => Text(n.Process.Id)), "--fan-pid", .. fans,
                    "--redis-pid", Text(cluster.Redis.Process.Id), "--log-redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{cluster.Redis.Port}"),
                ],
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

    private static string Url(Uri address) => address.ToString().TrimEnd('/');

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);
}
