using System.Globalization;

namespace FanHub.Testing.Topology;

/// <summary>The whole topology on this machine: Redis, PostgreSQL, nodes for fans, nodes for editors, and a balancer in front of them.</summary>
public sealed class LocalCluster
{
    private const int Attempts = 10;

    private readonly IProcessHost _host;
    private readonly Action<string> _say;

    private LocalCluster(IProcessHost host, Action<string> say)
    {
        _host = host;
        _say = say;
    }

    /// <summary>Redis.</summary>
    public ClusterService Redis { get; private set; } = null!;

    /// <summary>PostgreSQL.</summary>
    public ClusterService Postgres { get; private set; } = null!;

    /// <summary>The nodes that serve fans.</summary>
    public IReadOnlyList<ClusterService> FanNodes { get; private set; } = [];

    /// <summary>The nodes that serve editors.</summary>
    public IReadOnlyList<ClusterService> EditorNodes { get; private set; } = [];

    /// <summary>What everybody connects to.</summary>
    public ClusterService Balancer { get; private set; } = null!;

    /// <summary>Where everybody connects to.</summary>
    public Uri Address => Balancer.Address;

    /// <summary>Starts what does not run yet, and waits until all of it is ready.</summary>
    /// <param name="options">How it is made.</param>
    /// <param name="host">Who runs its processes.</param>
    /// <param name="say">Is told how far it is.</param>
    public static async Task<LocalCluster> StartAsync(ClusterOptions options, IProcessHost host, Action<string>? say = null)
    {
        var plans = new ServicePlans(options);
        var cluster = new LocalCluster(host, say ?? (_ => { }));
        var redis = cluster.StartAsync(ServicePlans.Redis, port => Task.FromResult(plans.PlanRedis(port)));
        var postgres = cluster.StartAsync(ServicePlans.Postgres, plans.PlanPostgresAsync);
        var fans = plans.FanNodes.Select(name => StartFanNodeAsync(name)).ToList();
        var editors = plans.EditorNodes.Select(name => StartEditorNodeAsync(name)).ToList();
        await Task.WhenAll([redis, postgres, .. fans, .. editors]);
        (cluster.Redis, cluster.Postgres) = (await redis, await postgres);
        cluster.FanNodes = await Task.WhenAll(fans);
        cluster.EditorNodes = await Task.WhenAll(editors);
        cluster.Balancer = await cluster.StartAsync(
            ServicePlans.Balancer, port => Task.FromResult(plans.PlanBalancer(port, cluster.FanNodes.Select(n => n.Port), cluster.EditorNodes.Select(n => n.Port))));
        return cluster;

        async Task<ClusterService> StartFanNodeAsync(string name)
        {
            var redisPort = (await redis).Port;
            return await cluster.StartAsync(name, port => Task.FromResult(plans.PlanFanNode(name, port, redisPort)));
        }

        async Task<ClusterService> StartEditorNodeAsync(string name)
        {
            var (redisPort, connection) = ((await redis).Port, plans.PostgresConnection((await postgres).Port));
            return await cluster.StartAsync(name, port => Task.FromResult(plans.PlanEditorNode(name, port, redisPort, connection)));
        }
    }

    private async Task<ClusterService> StartAsync(string name, Func<int, Task<ServicePlan>> plan)
    {
        if (_host.PortOf(name) is { } at && await plan(at) is var planned && await _host.FindAsync(planned) is { } running)
        {
            var found = new ClusterService(_host, planned, running);
            if (await found.AnswersAsync())
            {
                await found.ReadyAsync();
                _say(string.Create(CultureInfo.InvariantCulture, $"{name} runs already on port {at}"));
                return found;
            }

            // Frozen, or on its way out.
            _say(string.Create(CultureInfo.InvariantCulture, $"{name} does not answer: process {running.Id} is ended, and another one started"));
            await running.KillAsync();
        }

        for (var attempt = 1; ; attempt++)
        {
            // The same port as last time, so that whoever knows it finds it again; unless somebody else has it by now.
            var port = attempt == 1 && _host.PortOf(name) is { } earlier ? earlier : FreePort.Find();
            var service = new ClusterService(_host, await plan(port));
            try
            {
                await service.StartAsync();
                _say(string.Create(CultureInfo.InvariantCulture, $"{name} is ready on port {port}"));
                return service;
            }
            catch (PortTakenException) when (attempt < Attempts)
            {
                // Another port.
            }
        }
    }
}
