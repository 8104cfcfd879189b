using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Editors;

/// <summary>What all requests to the admin API have in common: a change takes effect once, and whoever asked for it finds it on the live side afterwards.</summary>
internal sealed class AdminRequests(IdempotentRequests idempotency, OutboxPublisher publisher, DatabaseStartup database) : IEndpointFilter
{
    private static readonly TimeSpan PublishedWithin = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        Check(http.Request);
        var db = http.RequestServices.GetRequiredService<FanHubDb>();
        object? result;
        try
        {
            result = await CarryOutAsync(context, next, db);
        }
        catch (Exception failure) when (!db.TriedToSave && PostgresSettings.IsConnectionLost(failure))
        {
            // A connection that lay in the pool while the server restarted is found broken by its next use. Nothing has happened yet: once more, over a new one.
            await db.StartOverAsync();
            result = await CarryOutAsync(context, next, db);
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

    private ValueTask<object?> CarryOutAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, FanHubDb db) =>
        IdempotentRequests.KeyOf(context.HttpContext.Request) is { } key
            ? new ValueTask<object?>(idempotency.RunAsync(context.HttpContext, key, db, () => next(context)))
            : next(context);

    private void Check(HttpRequest request)
    {
        if (!database.Ready.IsCompletedSuccessfully)
        {
            throw new FanHubException(ErrorCodes.Unavailable, "The database does not answer yet.", TimeSpan.FromSeconds(1));
        }

        // No id or state has it, and not every database can be asked about it. (Paths never have it.)
        if (request.Query.Any(q => q.Value.Any(v => v?.Contains('\0', StringComparison.Ordinal) == true)))
        {
            throw new FanHubException(ErrorCodes.Invalid, "The address has a NUL character in it.");
        }
    }
}
