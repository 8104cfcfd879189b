using Microsoft.Data.Sqlite;

namespace FanHub.Server.Fans;

/// <summary>The file <c>fans.db</c>: its tables, and how it is read and written. Writes are rare, and take turns; what was written is on the disk.</summary>
internal sealed class SqliteFanFile : IDisposable
{
    private const string FileName = "fans.db";

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS names (
            fan INTEGER PRIMARY KEY,
            name TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS more_time (
            quiz TEXT NOT NULL,
            fan INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (quiz, fan)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS more_time_at ON more_time (quiz, at);
        CREATE INDEX IF NOT EXISTS more_time_fan ON more_time (fan);
        CREATE TABLE IF NOT EXISTS forgotten (
            fan INTEGER PRIMARY KEY,
            at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS forgotten_at ON forgotten (at);
        """;

    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(5);

    private readonly string _connectionString;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _closed;

    /// <summary>Opens the file, or creates it.</summary>
    /// <param name="dataDirectory">Where it is; created where missing.</param>
    public SqliteFanFile(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataDirectory, FileName), DefaultTimeout = 5 }.ToString();
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = Command(connection, "PRAGMA journal_mode = WAL;" + Tables);
        command.ExecuteNonQuery();
    }

    /// <summary>A command with its parameters.</summary>
    public static SqliteCommand Command(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>Runs a command that gives nothing back.</summary>
    public static void Execute(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, text, parameters);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a command that gives one value back; null where it gives none.</summary>
    public static object? Scalar(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, text, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Reads.</summary>
    /// <exception cref="FanProfilesUnavailableException">The file could not be read, or is closed.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        try
        {
            await using var connection = new SqliteConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);
            return read(connection);
        }
        catch (SqliteException e)
        {
            throw new FanProfilesUnavailableException("The fans' file could not be read.", e);
        }
    }

    /// <summary>Does something in a transaction, and returns once that is on the disk. Where it throws, nothing of it is kept.</summary>
    /// <exception cref="FanProfilesUnavailableException">It could not be written, or not soon enough, or the file is closed.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (!await _turn.WaitAsync(TurnLimit, cancellationToken))
        {
            throw new FanProfilesUnavailableException("Too many writes are waiting for the disk.");
        }

        try
        {
            ThrowIfClosed();
            // Forcing data onto the disk blocks: not on the caller's thread.
            return await Task.Run(() => Write(write), CancellationToken.None);
        }
        catch (SqliteException e)
        {
            throw new FanProfilesUnavailableException("The fans' file could not be written.", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for a write that is under way, and closes the file.</summary>
    public void Dispose()
    {
        _closed = true;
        if (_turn.Wait(TurnLimit))
        {
            _turn.Release();
        }

        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private T Write<T>(Func<SqliteConnection, T> write)
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        Execute(connection, "PRAGMA synchronous = FULL");
        using var transaction = connection.BeginTransaction();
        var result = write(connection);
        transaction.Commit();
        return result;
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new FanProfilesUnavailableException("The fans' file is closed.");
        }
    }
}
