using FanHub.Testing;
using FanHub.Tests;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace FanHub.Tests;

/// <summary>
/// The PostgreSQL that tests share, started by the first that asks. Take it as a constructor argument. Whoever kills or pauses one starts one of its own instead (<see cref="PostgresServer.StartNewAsync"/>).
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartNewAsync());

    /// <summary>The server.</summary>
    public Task<PostgresServer> ServerAsync() => _server.Value;

    /// <summary>An empty database that no other test has.</summary>
    /// <returns>The connection string for it.</returns>
    public async Task<string?> NewDatabaseAsync() => await (await ServerAsync()).NewDatabaseAsync();

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
