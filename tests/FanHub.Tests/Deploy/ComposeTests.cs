using System.Globalization;
using FanHub.Testing;
using FanHub.Testing.Topology;

namespace FanHub.Tests.Deploy;

/// <summary><c>docker-compose.yml</c> describes the topology that <c>./cluster</c> starts, and tests run against.</summary>
public sealed class ComposeTests : IDisposable
{
    private const string NodePort = "5080";
    private const string Network = "${FANHUB_NETWORK:-172.30.80}.";
    private readonly ComposeFile _compose = ComposeFile.Read();
    private readonly string _folder = Directory.CreateTempSubdirectory("fanhub-never-started-").FullName;
    private readonly ServicePlans _plans;

    public ComposeTests() => _plans = new(new ClusterOptions { Folder = _folder });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_has_the_services_of_the_topology_and_each_comes_back_by_itself()
    {
        _compose.Services.Keys.ShouldBe([ServicePlans.Redis, ServicePlans.Postgres, .. _plans.FanNodes, .. _plans.EditorNodes, ServicePlans.Balancer], ignoreOrder: true);
        _compose.Services.Values.ShouldAllBe(s => s.Restart == "unless-stopped");
    }

    [Fact]
    public void Nodes_have_the_settings_of_the_topology_and_the_server_knows_each_of_them()
    {
        var proxy = _compose.Services[ServicePlans.Balancer].Networks["default"]["ipv4_address"];
        var common = ServicePlans.CommonSettings($"http://+:{NodePort}", "/data", proxy);
        var database = _compose.Services[ServicePlans.Postgres].Environment;
        var postgres = $"Host=postgres;Port=5432;Database={database["POSTGRES_DB"]};Username={database["POSTGRES_USER"]}";
        foreach (var node in _plans.FanNodes)
        {
            _compose.Services[node].Settings.ShouldBe(Expected(common, ServicePlans.FanSettings("redis:6379")), ignoreOrder: true, node);
        }

        foreach (var node in _plans.EditorNodes)
        {
            // The password is beside the connection string, where none of its characters means anything: the database's driver reads it from there.
            _compose.Services[node].Settings.ShouldBe(
                Expected(common, ServicePlans.EditorSettings("redis:6379", postgres, "${FANHUB_ADMIN_KEY:-for-development-only}"), new() { ["PGPASSWORD"] = database["POSTGRES_PASSWORD"] }),
                ignoreOrder: true,
                node);
        }

        var nodes = _plans.FanNodes.Concat(_plans.EditorNodes);
        nodes.SelectMany(n => _compose.Services[n].Settings.Keys).Where(s => s != "PGPASSWORD" && !ServerSettings.All.Contains(s)).ShouldBeEmpty("settings that the server does not know");
    }

    [Fact]
    public void The_plain_processes_have_settings_that_the_server_knows_too() =>
        _plans.PlanEditorNode("editor-1", port: 1, redis: 2, "Host=3").Environment.Concat(_plans.PlanFanNode("fan-1", port: 1, redis: 2).Environment)
            .Select(v => v.Key.Replace("__", ":", StringComparison.Ordinal)).Where(s => !ServerSettings.All.Contains(s)).ShouldBeEmpty();

    [Fact]
    public void The_balancer_fills_the_same_template_in()
    {
        var balancer = _compose.Services[ServicePlans.Balancer];
        // Addresses: nginx does not start with a name that nobody answers to, as that of a node which is stopped.
        var expected = NginxConfig.Values("8080", "/var/cache/nginx", _plans.FanNodes.Select(Address), _plans.EditorNodes.Select(Address));
        balancer.Environment.Where(e => e.Key.StartsWith("FANHUB_", StringComparison.Ordinal)).ShouldBe(expected, ignoreOrder: true);
        balancer.Environment["NGINX_ENVSUBST_FILTER"].ShouldBe("^FANHUB_");
        // What the image makes of it is its main configuration.
        balancer.Environment["NGINX_ENVSUBST_OUTPUT_DIR"].ShouldBe("/etc/nginx");
        balancer.Volumes.ShouldBe(["./deploy/nginx.conf.template:/etc/nginx/templates/nginx.conf.template:ro"]);
        File.Exists(NginxConfig.Template).ShouldBeTrue();
        balancer.Ports.ShouldBe(["${FANHUB_BIND:-127.0.0.1}:${FANHUB_PORT:-8080}:8080"], "reachable from this machine only, unless somebody says otherwise");
        _compose.Services.Where(s => s.Key != ServicePlans.Balancer).ShouldAllBe(s => s.Value.Ports.Count == 0);
    }

    [Fact]
    public void A_filled_in_template_has_nothing_left_to_fill_in() =>
        NginxConfig.Render(NginxConfig.Values("8080", "/run", ["a:1"], ["b:1"])).ShouldNotContain("${FANHUB");

    [Fact]
    public void Redis_keeps_what_it_is_told_in_both()
    {
        string[] plain = [.. _plans.PlanRedis(port: 1).Arguments];
        var compose = _compose.Services[ServicePlans.Redis].Command;
        foreach (var option in (string[])["--appendonly", "--appendfsync", "--save"])
        {
            compose[compose.IndexOf(option) + 1].ShouldBe(plain[Array.IndexOf(plain, option) + 1], option);
        }
    }

    [Fact]
    public void Each_service_is_asked_for_its_health_in_the_same_way()
    {
        foreach (var (name, service) in _compose.Services)
        {
            var asks = string.Join(' ', service.HealthCheck.Test);
            asks.ShouldContain(name switch
            {
                ServicePlans.Redis => "redis-cli ping | grep -q PONG",
                ServicePlans.Postgres => "pg_isready -h 127.0.0.1 -U fanhub -d fanhub",
                ServicePlans.Balancer => $"http://127.0.0.1:8080{ServiceHealth.BalancerPath}",
                _ => $"http://127.0.0.1:{NodePort}{ServiceHealth.NodePath}",
            });
            (service.HealthCheck.Interval.Length * service.HealthCheck.Timeout.Length * service.HealthCheck.StartPeriod.Length).ShouldBePositive(name);
        }

        var dockerfile = File.ReadAllText(Repository.PathOf("src", "FanHub.Server", "Dockerfile"));
        dockerfile.ShouldContain($"http://127.0.0.1:{NodePort}{ServiceHealth.NodePath}");
        dockerfile[dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..].ShouldContain("\nUSER $APP_UID\n");
        NginxConfig.Render(NginxConfig.Values("8080", "/run", [], [])).ShouldContain($"location = {ServiceHealth.BalancerPath} ");
    }

    [Fact]
    public void Each_service_waits_until_what_it_needs_is_well()
    {
        foreach (var (name, service) in _compose.Services)
        {
            string[] needs = name switch
            {
                ServicePlans.Redis or ServicePlans.Postgres => [],
                ServicePlans.Balancer => [.. _plans.FanNodes, .. _plans.EditorNodes],
                _ when _plans.FanNodes.Contains(name) => [ServicePlans.Redis],
                _ => [ServicePlans.Redis, ServicePlans.Postgres],
            };
            service.DependsOn.Keys.ShouldBe(needs, ignoreOrder: true, name);
            service.DependsOn.Values.ShouldAllBe(d => d["condition"] == "service_healthy");
        }
    }

    [Fact]
    public void What_has_to_last_is_on_a_volume_of_its_own()
    {
        var used = _compose.Services.SelectMany(s => s.Value.Volumes).Where(v => !v.StartsWith('.')).Select(v => v.Split(':')[0]).ToList();
        used.ShouldBe(_compose.Volumes.Keys, ignoreOrder: true);
        used.ShouldBeUnique();
        _compose.Services.Where(s => s.Key != ServicePlans.Balancer).ShouldAllBe(s => s.Value.Volumes.Count == 1);
    }

    [Fact]
    public void Addresses_that_are_written_down_are_given_out_once()
    {
        var addresses = _compose.Services.Values.SelectMany(s => s.Networks.Values).Select(n => n["ipv4_address"]).ToList();
        addresses.ShouldBeUnique();
        addresses.ShouldAllBe(a => a.StartsWith(Network, StringComparison.Ordinal));
        var range = ((Dictionary<object, object>)((List<object>)((Dictionary<object, object>)((Dictionary<object, object>)_compose.Networks["default"]!)["ipam"])["config"])[0]);
        range["subnet"].ShouldBe($"{Network}0/24", "all of them move together");
        range["ip_range"].ShouldBe($"{Network}128/25");
        addresses.Select(a => int.Parse(a[Network.Length..], CultureInfo.InvariantCulture)).ShouldAllBe(n => n < 128, "the others are given out to whoever has none of its own");
        _plans.FanNodes.Concat(_plans.EditorNodes).ShouldAllBe(n => _compose.Services[n].Networks.Count == 1);
    }

    private string Address(string node) => $"{_compose.Services[node].Networks["default"]["ipv4_address"]}:{NodePort}";

    private static Dictionary<string, string> Expected(params Dictionary<string, string?>[] settings) =>
        settings.SelectMany(s => s).ToDictionary(s => s.Key, s => s.Value!, StringComparer.Ordinal);
}
