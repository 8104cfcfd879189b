using System.Globalization;
using FanHub.Realtime.Redis;
using FanHub.Testing;
using FanHub.Tests;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace FanHub.Tests;

/// <summary>
/// The Redis that tests share, started by the first that asks. Take it as a constructor argument. Whoever kills, pauses or empties a Redis starts one of its own instead (<see cref="RedisServer.StartNewAsync"/>).
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private readonly Lazy<Task<RedisServer>> _server = new(() => RedisServer.StartNewAsync());
    private int _prefixes;

    /// <summary>The server.</summary>
    public Task<RedisServer> ServerAsync() => _server.Value;

    /// <summary>A key prefix that no other test has.</summary>
    public string FreshPrefix() => string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _prefixes)}");

    /// <summary>Connects, by default under a key prefix that no other test has. The caller disposes of it.</summary>
    public async Task<RedisConnection> ConnectAsync(string? prefix = null) => await RedisConnection.OpenAsync((await ServerAsync()).ConnectionString, prefix ?? FreshPrefix());

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
