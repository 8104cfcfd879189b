using FanHub.Testing;
using FanHub.Testing.Topology;

namespace FanHub.EndToEnd;

/// <summary>The topology of <c>./cluster</c>, which ends with the test.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly AttachedProcesses _processes = new();
    private readonly string _folder = NewFolder();
    private LocalCluster _cluster = null!;

    private TestCluster()
    {
    }

    public Uri Address => _cluster.Address;

    public IReadOnlyList<ClusterService> FanNodes => _cluster.FanNodes;

    public IReadOnlyList<ClusterService> EditorNodes => _cluster.EditorNodes;

    public ClusterService Balancer => _cluster.Balancer;

    public static async Task<TestCluster> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var cluster = new TestCluster();
        try
        {
            cluster._cluster = await LocalCluster.StartAsync(
                new ClusterOptions { Folder = cluster._folder, Settings = settings ?? new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Limits:Enabled"] = "false", ["FanHub:Drain:Window"] = "00:00:00.5" } },
                cluster._processes);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new folder, that PostgreSQL's own user can find its way through.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"fanhub-cluster-{Guid.NewGuid():N}")).FullName;

    public async ValueTask DisposeAsync()
    {
        await _processes.DisposeAsync();
        // A killed PostgreSQL's own processes notice a moment later, and may still write until then.
        await Eventually.GetAsync(() =>
        {
            Directory.Delete(_folder, recursive: true);
            return Task.FromResult(true);
        });
    }
}
