using Microsoft.Data.Sqlite;

namespace FanHub.Server.Leaderboards;

/// <summary>The tables of <c>boards.db</c>, and how its connections are set up.</summary>
internal static class SqliteBoardSchema
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "boards.db";

    // A board without a name is forgotten, and its rows are being deleted.
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS boards (
            id INTEGER PRIMARY KEY,
            board TEXT NULL UNIQUE,
            participants INTEGER NOT NULL DEFAULT 0,
            version INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS standings (
            board INTEGER NOT NULL,
            fan INTEGER NOT NULL,
            sort_key INTEGER NOT NULL,
            PRIMARY KEY (board, fan)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS ranking ON standings (board, sort_key, fan);
        CREATE TABLE IF NOT EXISTS applied (
            board INTEGER NOT NULL,
            source TEXT NOT NULL,
            chunk INTEGER NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (board, source, chunk)) WITHOUT ROWID;
        """;

    /// <summary>The connection string for a data directory.</summary>
    public static string ConnectionString(string dataDirectory) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataDirectory, FileName), DefaultTimeout = 5 }.ToString();

    /// <summary>Opens the connection that writes, and creates what is missing. A commit is on the disk when it returns, even if the power goes.</summary>
    public static SqliteConnection OpenWriter(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + Tables;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
