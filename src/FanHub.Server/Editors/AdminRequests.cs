using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Editors;

/// <summary>What every change through the admin API has in common: it takes effect once, and whoever asked for it finds it on the live side afterwards.</summary>
internal sealed class AdminRequests(IdempotentRequests idempotency, OutboxPublisher publisher) : IEndpointFilter
{
    private static readonly TimeSpan PublishedWithin = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            return await next(context);
        }

        var db = http.RequestServices.GetRequiredService<FanHubDb>();
        object? result;
        try
        {
            result = IdempotentRequests.KeyOf(http.Request) is { } key
                ? await idempotency.RunAsync(http, key, db, () => next(context))
                : await next(context);
        }
        catch (DbUpdateConcurrencyException) when (http.Request.Headers.IfMatch.Count > 0)
        {
            // It was at the version that the condition names when it was read, and is not any more.
            throw new FanHubException(ErrorCodes.PreconditionFailed, "It was changed by somebody else at the same moment; read it again.");
        }

        var rows = db.ChangeTracker.Entries<OutboxRow>().Select(e => e.Entity.Id).ToList();
        if (rows.Count > 0)
        {
            await publisher.WaitUntilPublishedAsync(rows.Max(), PublishedWithin, http.RequestAborted);
        }

        return result;
    }
}
