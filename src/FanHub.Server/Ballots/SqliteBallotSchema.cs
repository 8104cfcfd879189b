using Microsoft.Data.Sqlite;

namespace FanHub.Server.Ballots;

/// <summary>The tables of <c>ballots.db</c>, and how its connections are set up.</summary>
internal static class SqliteBallotSchema
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "ballots.db";

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS boxes (
            id INTEGER PRIMARY KEY,
            interaction TEXT NOT NULL UNIQUE,
            channel TEXT NULL,
            sealed INTEGER NOT NULL DEFAULT 0,
            accepted INTEGER NOT NULL DEFAULT 0,
            changed INTEGER NOT NULL DEFAULT 0,
            repeated INTEGER NOT NULL DEFAULT 0,
            late INTEGER NOT NULL DEFAULT 0,
            refused INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS counts (
            box INTEGER NOT NULL,
            option INTEGER NOT NULL,
            ballots INTEGER NOT NULL,
            PRIMARY KEY (box, option)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS ballots (
            box INTEGER NOT NULL,
            fan INTEGER NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (box, fan)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS fans (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            next INTEGER NOT NULL);
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
