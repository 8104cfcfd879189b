using System.Data.Common;
using System.Net.Sockets;
using FanHub.Server.Hosting;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FanHub.Server.Storage;

/// <summary>How PostgreSQL is talked to, and what its failures mean.</summary>
internal static class PostgresSettings
{
    // Every wait is short: an editor is told within seconds that the database is away. A node that stops in the middle of a transaction loses it, and the locks with it.
    // What the operator writes into the connection string wins.
    private const string Defaults =
        "Timeout=3;Command Timeout=3;Cancellation Timeout=500;Maximum Pool Size=30;Application Name=fanhub;Options=-c idle_in_transaction_session_timeout=10000";

    // What waits in the pool for the clock's moments and the outbox, however long nothing happens: connecting would take longer than all the rest.
    private const int KeptOpen = 10;

    /// <summary>How long migrating may take, and waiting for another node that migrates.</summary>
    public static readonly TimeSpan MigrationLimit = TimeSpan.FromMinutes(10);

    // Any number, as long as nobody else uses it in this database: "fanhub" in ASCII.
    private const long MigrationLock = 0x66616e687562;

    /// <summary>The connection string, with what it does not say filled in.</summary>
    /// <exception cref="NodeConfigurationException">It cannot be read, or names no server or no database.</exception>
    public static string ConnectionString(string configured)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder($"{Defaults};{configured}");
            settings.MinPoolSize = settings.ShouldSerialize("Minimum Pool Size") ? settings.MinPoolSize : Math.Min(KeptOpen, settings.MaxPoolSize);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Its text is not repeated: a password may be in it.
            throw new NodeConfigurationException("ConnectionStrings:Postgres cannot be read; it has to be like Host=db;Database=fanhub;Username=fanhub;Password=…");
        }

        return string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)
            ? throw new NodeConfigurationException("ConnectionStrings:Postgres has to name a Host and a Database.")
            : settings.ConnectionString;
    }

    /// <summary>
    /// Holds off every other node that wants to migrate this database, until it is disposed of or this process ends. Waits for a node that is at it.
    /// </summary>
    public static async Task<IAsyncDisposable> HoldMigrationsAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            // A lock of a transaction, not of a session: poolers in front of the database may hand sessions around.
            await connection.BeginTransactionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = $"SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock({MigrationLock})";
            command.CommandTimeout = (int)MigrationLimit.TotalSeconds;
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Forgets the connections that are kept open for the next use.</summary>
    public static void ClosePool(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    /// <summary>Whether a failure means that the database is away, stops, starts, or has no room, rather than that it was asked for something wrong.</summary>
    public static bool IsAway(Exception failure) => DatabaseFailures.Within<DbException>(failure) switch
    {
        PostgresException { SqlState: var state } => IsAway(state),
        NpgsqlException => true,
        // A name that cannot be resolved.
        null => DatabaseFailures.Within<SocketException>(failure) is not null,
        _ => false,
    };

    /// <summary>
    /// Whether the connection was found broken, or was ended by the server, as happens to those that waited in the pool while it restarted. Nothing that was asked over it in
    /// the same breath has happened, unless it was a commit. Not a timeout: those have cost enough.
    /// </summary>
    public static bool IsConnectionLost(Exception failure) =>
        DatabaseFailures.Within<NpgsqlException>(failure) is { } npgsql
        && DatabaseFailures.Within<TimeoutException>(failure) is null
        && npgsql is not PostgresException { SqlState: not ("57P01" or "57P02" or "25P03") };

    /// <summary>
    /// Whether an SQLSTATE means so: connection trouble (08), no resources (53), a statement cancelled or the server stopping or starting (57), trouble with disks (58), a lock not
    /// got in time, transactions that met, one that was ended for idling, and a standby that cannot write.
    /// </summary>
    private static bool IsAway(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal)
        || state is "55P03" or "40001" or "40P01" or "25P03" or "25006";

    /// <summary>Uses PostgreSQL for a context.</summary>
    public static DbContextOptionsBuilder UsePostgres(this DbContextOptionsBuilder options, string connectionString) => options.UseNpgsql(connectionString);
}
