using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FanHub.Server.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work now, and balancers may send people here.</summary>
internal static class Health
{
    /// <summary>The tag of the checks that decide on <c>/health/ready</c>.</summary>
    public const string Ready = "ready";

    /// <summary>Adds the checks that every node has; features add theirs with the same tag.</summary>
    public static void AddHealth(this WebApplicationBuilder builder)
    {
        var checks = builder.Services.AddHealthChecks().AddCheck<ChannelLogHealth>("channel-log", tags: [Ready]);
        if (builder.Services.Any(s => s.ServiceType == typeof(Storage.FanHubDb)))
        {
            checks.AddCheck<Storage.DatabaseHealth>("database", tags: [Ready]);
        }
    }

    /// <summary>Serves both.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(Ready), ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        var checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), detail = e.Value.Description }, StringComparer.Ordinal);
        return context.Response.WriteAsync(JsonSerializer.Serialize(new { status = report.Status.ToString(), checks }, WireJson.Options), context.RequestAborted);
    }
}

/// <summary>Whether the channel log answers, and the node is not about to leave.</summary>
internal sealed class ChannelLogHealth(IChannelLog log, IServiceProvider services) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetService<Drain>() is { Draining: true })
        {
            return HealthCheckResult.Unhealthy("This node is about to stop.");
        }

        if (services.GetService<ChannelRelay>() is { } relay)
        {
            return relay.IsFresh ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The channel log does not answer; followers may be out of date.");
        }

        try
        {
            await log.HeadsAsync(["health"], cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (LogUnavailableException e)
        {
            return HealthCheckResult.Unhealthy("The channel log does not answer.", e);
        }
    }
}
