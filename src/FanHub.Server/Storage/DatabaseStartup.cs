using FanHub.Server.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FanHub.Server.Storage;

/// <summary>
/// Brings the database to this program's tables before anything else starts. Several nodes may start together: one migrates, the others wait for it.
/// </summary>
/// <remarks>
/// A PostgreSQL that is away does not keep the node from starting, for fans can do without it: it is tried again until it answers, and editors are told <c>unavailable</c> until then.
/// One that refuses us (no such database, a wrong password) does: somebody has to look at that.
/// </remarks>
internal sealed partial class DatabaseStartup(
    IServiceScopeFactory scopes, EditorialDatabase database, DataDirectory directory, TimeProvider time, ILogger<DatabaseStartup> logger) : BackgroundService
{
    private static readonly TimeSpan FirstAttempt = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the tables are there.</summary>
    public Task Ready => _ready.Task;

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!database.IsShared)
        {
            await MigrateSqliteAsync(cancellationToken);
        }
        else
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(FirstAttempt);
            try
            {
                await MigratePostgresAsync(limit.Token);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && (failure is OperationCanceledException or TimeoutException || DatabaseFailures.IsAway(failure)))
            {
                LogAway(failure);
            }
        }

        SayWhoMayShareIt();
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (database.Postgres is { } postgres)
        {
            PostgresSettings.ClosePool(postgres);
        }
        else
        {
            SqliteConnection.ClearAllPools();
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
        while (!Ready.IsCompleted)
        {
            await Task.Delay(backoff.Next(), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await MigratePostgresAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(failure);
            }
        }
    }

    private async Task MigrateSqliteAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken);
        await ForgetStaleLockAsync(db, cancellationToken);
        await MigrateAsync(db, directory.Path, cancellationToken);
    }

    private async Task MigratePostgresAsync(CancellationToken cancellationToken)
    {
        // EF has a lock of its own, but makes the table that it locks before it has it.
        await using var held = await PostgresSettings.HoldMigrationsAsync(database.Postgres!, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        db.Database.SetCommandTimeout(PostgresSettings.MigrationLimit);
        await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        await MigrateAsync(db, "PostgreSQL", cancellationToken);
    }

    private async Task MigrateAsync(FanHubDb db, string where, CancellationToken cancellationToken)
    {
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await db.Database.MigrateAsync(cancellationToken);
            LogMigrated(pending.Count, where);
        }

        _ready.TrySetResult();
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

    private void SayWhoMayShareIt()
    {
        if (database is { IsShared: false, LiveSideIsShared: true })
        {
            LogOnlyEditor(directory.File(SqliteSettings.FileName));
        }
        else if (database is { IsShared: true, LiveSideIsShared: false })
        {
            LogOnlyNode();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Count} database migrations in {Where}")]
    private partial void LogMigrated(int count, string where);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer; trying again, and telling editors so meanwhile")]
    private partial void LogAway(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "What editors make is kept in {File}: this has to be the only editor node. With ConnectionStrings:Postgres there can be several")]
    private partial void LogOnlyEditor(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What editors make is kept in PostgreSQL, but channels and ballots in this process: this has to be the only node. With ConnectionStrings:Redis there can be several")]
    private partial void LogOnlyNode();
}
