using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Testing;

namespace FanHub.Tests.Server.Storage;

/// <summary>Editor nodes on one database, with what they would find in Redis: one log and one ballot box.</summary>
internal sealed class SeveralNodes : IAsyncDisposable
{
    private readonly List<EditorialHost> _hosts = [];

    private SeveralNodes(string database)
    {
        Database = database;
    }

    /// <summary>The database's connection string.</summary>
    public string Database { get; }

    /// <summary>What is in Redis.</summary>
    public IChannelLog Log { get; } = EditorialHost.NewLog();

    /// <summary>What is in Redis.</summary>
    public IBallotBox Box { get; } = new SqliteBallotBox(EditorialHost.NewDirectory(), TimeProvider.System);

    public static async Task<SeveralNodes> OnAsync(PostgresFixture postgres) => new((await postgres.NewDatabaseAsync())!);

    /// <summary>Starts one more.</summary>
    public async Task<EditorialHost> StartAsync(IChannelLog? log = null, TimeProvider? time = null, Dictionary<string, string?>? settings = null, Place? place = null)
    {
        var host = await EditorialHost.StartAsync(
            place ?? new Place(EditorialHost.NewDirectory(), Database),
            log ?? Log,
            real =>
            {
                (real as IDisposable)?.Dispose();
                return new FaultyBox(Box, ownsInner: false);
            },
            time,
            settings);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A connection of the test's own, to hold locks with.</summary>
    public Task<Npgsql.NpgsqlConnection> ConnectAsync() => PostgresServer.ConnectAsync(Database);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        (Box as IDisposable)?.Dispose();
    }
}
