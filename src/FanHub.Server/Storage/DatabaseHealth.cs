using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FanHub.Server.Storage;

/// <summary>
/// Whether the database answers a real question. Where fans come to the node too, and their side does not need the database, its absence makes the node <c>Degraded</c>, not unready.
/// </summary>
internal sealed class DatabaseHealth(FanHubDb db, DatabaseStartup startup, EditorialDatabase database) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!startup.Ready.IsCompletedSuccessfully)
        {
            return Away(failure: null);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await db.Channels.AsNoTracking().AnyAsync(limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Away(e);
        }
    }

    private HealthCheckResult Away(Exception? failure) =>
        new(database.ServesFans && database.LiveSideIsShared ? HealthStatus.Degraded : HealthStatus.Unhealthy, "The database does not answer.", failure);
}
