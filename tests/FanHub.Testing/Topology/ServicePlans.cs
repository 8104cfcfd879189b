using System.Globalization;

namespace FanHub.Testing.Topology;

/// <summary>Describes the processes of a cluster, and prepares the folders that they start in. <c>docker-compose.yml</c> says the same for containers; a test compares them.</summary>
/// <param name="options">How the cluster is made.</param>
public sealed class ServicePlans(ClusterOptions options)
{
    /// <summary>Name of the service that nodes share their live state in.</summary>
    public const string Redis = "redis";

    /// <summary>Name of the service that editors' work is kept in.</summary>
    public const string Postgres = "postgres";

    /// <summary>Name of the service that everybody connects to.</summary>
    public const string Balancer = "balancer";

    private readonly PostgresFiles _postgres = new(Directory.CreateDirectory(Path.Combine(options.Folder, Postgres)).FullName);

    /// <summary>The nodes that serve fans.</summary>
    public IReadOnlyList<string> FanNodes { get; } = [.. Enumerable.Range(1, options.FanNodes).Select(i => $"fan-{i}")];

    /// <summary>The nodes that serve editors.</summary>
    public IReadOnlyList<string> EditorNodes { get; } = [.. Enumerable.Range(1, options.EditorNodes).Select(i => $"editor-{i}")];

    /// <summary>Whether the cluster has a service of that name.</summary>
    public bool Has(string service) => service is Redis or Postgres or Balancer || FanNodes.Concat(EditorNodes).Contains(service, StringComparer.Ordinal);

    /// <summary>What the service of that name is.</summary>
    internal static ServiceKind KindOf(string service) => service switch { Redis => ServiceKind.Redis, Postgres => ServiceKind.Postgres, Balancer => ServiceKind.Balancer, _ => ServiceKind.Node };

    /// <summary>Redis, which writes everything to its append-only file.</summary>
    public ServicePlan PlanRedis(int port)
    {
        var folder = FolderOf(Redis);
        return new ServicePlan { Name = Redis, Kind = ServiceKind.Redis, Port = port, Folder = folder, Program = "redis-server", Arguments = RedisServer.Arguments(port, folder, RedisAppendOnly.EverySecond) };
    }

    /// <summary>PostgreSQL.</summary>
    public async Task<ServicePlan> PlanPostgresAsync(int port)
    {
        await _postgres.CreateAsync();
        await _postgres.UnlockAsync();
        return new ServicePlan
        {
            Name = Postgres,
            Kind = ServiceKind.Postgres,
            Port = port,
            Folder = _postgres.Folder,
            User = PostgresPrograms.Account(),
            Program = PostgresPrograms.Find("postgres"),
            Arguments = _postgres.Arguments(port),
        };
    }

    /// <summary>What editor nodes need to reach PostgreSQL.</summary>
    public string PostgresConnection(int port) => _postgres.ConnectionString(port);

    /// <summary>A node that serves fans; it needs no database.</summary>
    public ServicePlan PlanFanNode(string name, int port, int redis) => PlanNode(name, port, FanSettings(Loopback(redis)));

    /// <summary>A node that serves editors.</summary>
    public ServicePlan PlanEditorNode(string name, int port, int redis, string postgres) => PlanNode(name, port, EditorSettings(Loopback(redis), postgres, options.AdminKey));

    /// <summary>The balancer in front of the nodes.</summary>
    public ServicePlan PlanBalancer(int port, IEnumerable<int> fanNodes, IEnumerable<int> editorNodes)
    {
        var folder = FolderOf(Balancer);
        var file = Path.Combine(folder, "nginx.conf");
        var configuration = NginxConfig.Render(NginxConfig.Values(Loopback(port), folder, fanNodes.Select(Loopback), editorNodes.Select(Loopback)));
        File.WriteAllText(file, configuration);
        return new ServicePlan
        {
            Name = Balancer,
            Kind = ServiceKind.Balancer,
            Port = port,
            Folder = folder,
            Configuration = configuration,
            Program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx",
            Reloads = options.ReloadableBalancer,
            Arguments = ["-p", folder, "-c", file, "-e", "stderr", "-g", $"daemon off; {BalancerProcesses}"],
        };
    }

    /// <summary>Settings of a node that serves fans.</summary>
    public static Dictionary<string, string?> FanSettings(string redis) => new(StringComparer.Ordinal)
    {
        ["FanHub:Roles"] = "fan",
        ["ConnectionStrings:Redis"] = redis,
    };

    /// <summary>Settings of a node that serves editors.</summary>
    public static Dictionary<string, string?> EditorSettings(string redis, string postgres, string adminKey) => new(StringComparer.Ordinal)
    {
        ["FanHub:Roles"] = "editor",
        ["ConnectionStrings:Redis"] = redis,
        ["ConnectionStrings:Postgres"] = postgres,
        ["FanHub:BootstrapKey"] = adminKey,
    };

    /// <summary>Settings of every node, wherever it runs.</summary>
    public static Dictionary<string, string?> CommonSettings(string urls, string dataDirectory, string balancer) => new(StringComparer.Ordinal)
    {
        ["Urls"] = urls,
        ["FanHub:DataDirectory"] = dataDirectory,
        ["FanHub:TrustedProxies"] = balancer,
    };

    // As root its workers would become a user who may not be able to enter the folder.
    private string BalancerProcesses => !options.ReloadableBalancer ? "master_process off;" : Environment.IsPrivilegedProcess ? "user root;" : "";

    private ServicePlan PlanNode(string name, int port, Dictionary<string, string?> settings)
    {
        var folder = FolderOf(name);
        var common = CommonSettings($"http://{Loopback(port)}", Path.Combine(folder, "data"), "127.0.0.1");
        return new ServicePlan
        {
            Name = name,
            Kind = ServiceKind.Node,
            Port = port,
            Folder = folder,
            Program = "dotnet",
            Arguments = [options.Server],
            Environment = settings.Concat(common).Concat(options.Settings).GroupBy(s => s.Key, StringComparer.Ordinal)
                .ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Last().Value, StringComparer.Ordinal),
        };
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private string FolderOf(string service) => Directory.CreateDirectory(Path.Combine(options.Folder, service)).FullName;
}
