using System.Globalization;

namespace FanHub.Testing;

/// <summary>Three real Redis servers that form a cluster, reachable from this machine only.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Masters = 3;
    private const int Slots = 16_384;
    private static readonly TimeSpan FormLimit = TimeSpan.FromSeconds(30);

    private readonly List<RedisServer> _servers = [];

    private RedisCluster()
    {
    }

    /// <summary>Its servers, all masters.</summary>
    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => string.Join(',', _servers.Select(s => s.ConnectionString));

    /// <summary>Starts one and waits until all its servers say that it is whole.</summary>
    public static async Task<RedisCluster> StartNewAsync()
    {
        var cluster = new RedisCluster();
        try
        {
            var busPorts = new List<int>();
            for (var i = 0; i < Masters; i++)
            {
                var (server, busPort) = await StartMasterAsync();
                cluster._servers.Add(server);
                busPorts.Add(busPort);
            }

            await cluster.FormAsync(busPorts);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    // Servers talk to each other on a second port, by default 10,000 above the first; here on one that is known to be free.
    private static async Task<(RedisServer Server, int BusPort)> StartMasterAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var busPort = FreePort.Find();
            try
            {
                var server = await RedisServer.StartNewAsync(new RedisServerOptions
                {
                    Arguments = ["--cluster-enabled", "yes", "--cluster-node-timeout", "5000", "--cluster-port", Text(busPort)],
                });
                return (server, busPort);
            }
            catch (PortTakenException) when (attempt < 10)
            {
                // Somebody was faster: other ports.
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task FormAsync(List<int> busPorts)
    {
        for (var i = 0; i < Masters; i++)
        {
            await _servers[i].CommandAsync("CLUSTER", "ADDSLOTSRANGE", Text(Slots * i / Masters), Text((Slots * (i + 1) / Masters) - 1));
            await _servers[i].CommandAsync("CLUSTER", "SET-CONFIG-EPOCH", Text(i + 1));
            await _servers[0].CommandAsync("CLUSTER", "MEET", "127.0.0.1", Text(_servers[i].Port), Text(busPorts[i]));
        }

        foreach (var server in _servers)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var info = await server.CommandAsync("CLUSTER", "INFO");
                    return info.Contains("cluster_state:ok", StringComparison.Ordinal)
                        && info.Contains($"cluster_known_nodes:{Masters}\r", StringComparison.Ordinal)
                        && info.Contains($"cluster_size:{Masters}\r", StringComparison.Ordinal);
                },
                "the Redis cluster is whole",
                FormLimit);
        }
    }
}
