using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FanHub.Server.Storage;

/// <summary>How the SQLite file is opened.</summary>
internal static class SqliteSettings
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "fanhub.db";

    /// <summary>The connection string of the file in a data directory.</summary>
    public static string ConnectionString(DataDirectory directory) =>
        new SqliteConnectionStringBuilder { DataSource = directory.File(FileName), ForeignKeys = true, DefaultTimeout = 3 }.ToString();

    /// <summary>
    /// Every connection waits for its turn inside SQLite, which notices within milliseconds, rather than in the driver, which looks every 150; and a commit is on the disk when it
    /// returns.
    /// </summary>
    internal sealed class Connections : DbConnectionInterceptor
    {
        private const string Pragmas = "PRAGMA busy_timeout=3000; PRAGMA synchronous=FULL;";

        /// <inheritdoc />
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        /// <inheritdoc />
        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
