using System.Globalization;
using Npgsql;

namespace FanHub.Testing;

/// <summary>A real PostgreSQL on a port and in a folder of its own, reachable from this machine only, to be killed, paused and started again.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "fanhub";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string? _account = PostgresPrograms.Account();
    private ChildProcess? _process;
    private int _databases;

    private PostgresServer()
    {
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Where its files are; deleted on disposal.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("fanhub-postgres-").FullName;

    /// <summary>Its process.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("It does not run.");

    /// <summary>For Npgsql, with the database that is always there; stays the same over restarts.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    /// <summary>Starts a new one and waits until it answers.</summary>
    public static async Task<PostgresServer> StartNewAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server.InitializeAsync();
            await FreePort.TryAsync(port =>
            {
                server.Port = port;
                return server.StartAsync();
            });
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, on the same port and folder, and waits until it answers with its data recovered.</summary>
    public async Task StartAsync()
    {
        if (_process is { HasExited: false })
        {
            throw new InvalidOperationException("It runs already.");
        }

        _process = await PostgresPrograms.StartAsync(
            _account,
            "postgres",
            [
                "-D", Data,
                "-p", Port.ToString(CultureInfo.InvariantCulture),
                "-c", "listen_addresses=127.0.0.1",
                "-c", $"unix_socket_directories={Folder}",
                "-c", "max_connections=400",
                "-c", "shared_buffers=32MB",
                // A killed process loses nothing by it, only a machine does.
                "-c", "fsync=off",
            ]);
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await AnswersAsync(limit.Token))
        {
            if (_process.HasExited)
            {
                var output = _process.Output;
                throw output.Contains("Address already in use", StringComparison.Ordinal)
                    ? new PortTakenException(Port)
                    : new InvalidOperationException($"postgres ended while starting:\n{output}");
            }

            // Nothing tells when it listens; it takes some 100 ms.
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Ends it without warning (SIGKILL), with all that it runs for its clients, as a power cut would.</summary>
    public async Task KillAsync()
    {
        var sessions = Process.Children();
        await Process.KillAsync();
        foreach (var session in sessions)
        {
            ChildProcess.KillChild(session);
        }
    }

    /// <summary>Freezes it (SIGSTOP), with all that it runs for its clients: connections stay open, and nothing answers.</summary>
    public void Pause()
    {
        Process.Pause();
        foreach (var session in Process.Children())
        {
            ChildProcess.PauseChild(session);
        }
    }

    /// <summary>Lets it go on after <see cref="Pause"/>.</summary>
    public void Resume()
    {
        foreach (var session in Process.Children())
        {
            ChildProcess.ResumeChild(session);
        }

        Process.Resume();
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>The connection string for it.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return ConnectionStringOf(name);
    }

    /// <summary>A connection of its own, which the caller disposes of.</summary>
    public static async Task<NpgsqlConnection> ConnectAsync(string connectionString)
    {
        // Not from the pool: what it holds ends when it is disposed of.
        var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private string Data => Path.Combine(Folder, "data");

    private string ConnectionStringOf(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={Superuser};Database={database};SSL Mode=Disable;GSS Encryption Mode=Disable");

    private async Task InitializeAsync()
    {
        if (_account is not null)
        {
            await PostgresPrograms.RunAsync(account: null, "chown", [_account, Folder]);
        }

        // A language whose order is not that of the characters, as many real databases have.
        await PostgresPrograms.RunAsync(
            _account, "initdb", ["-D", Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"]);
    }

    // Another server may have the port by now: only an answer about our own folder counts.
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false;Timeout=2;Command Timeout=2");
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SHOW data_directory";
            return string.Equals((string?)await command.ExecuteScalarAsync(cancellationToken), Data, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }
}
