using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Storage;

/// <summary>Brings the database to this program's tables before anything else starts.</summary>
internal sealed partial class DatabaseStartup(IServiceScopeFactory scopes, DataDirectory directory, ILogger<DatabaseStartup> logger) : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        if (db.Database.IsSqlite())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken);
            await ForgetStaleLockAsync(db, cancellationToken);
        }

        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        await db.Database.MigrateAsync(cancellationToken);
        if (pending.Count > 0)
        {
            LogMigrated(pending.Count, directory.Path);
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        SqliteConnection.ClearAllPools();
        return Task.CompletedTask;
    }

    // A process that was killed while it migrated leaves this row behind, and whoever comes next would wait for it for ever. The data directory is ours alone, so it is stale.
    private static async Task ForgetStaleLockAsync(FanHubDb db, CancellationToken cancellationToken)
    {
        var tables = await db.Database.SqlQueryRaw<int>("SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'").SingleAsync(cancellationToken);
        if (tables > 0)
        {
            await db.Database.ExecuteSqlRawAsync("DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Count} database migrations in {Path}")]
    private partial void LogMigrated(int count, string path);
}
