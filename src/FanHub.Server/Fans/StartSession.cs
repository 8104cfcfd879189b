using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Fans;

/// <summary><c>POST /api/v1/fans/session</c>: makes an anonymous fan, or gives a fan who presents an earlier token another one.</summary>
internal static class StartSession
{
    private const string Bearer = "Bearer ";

    /// <summary>Maps the endpoint.</summary>
    public static void MapStartSession(this IEndpointRouteBuilder app) => app
        .MapPost("/api/v1/fans/session", HandleAsync)
        .WithTags("Fans")
        .WithSummary("Starts or renews an anonymous session")
        .WithDescription("Without a token: a new fan. With an earlier token as bearer: the same fan, with a new token. Nothing else about the fan is kept.")
        .Produces<FanSession>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .AllowAnonymous();

    private static async Task<IResult> HandleAsync(HttpContext context, FanSessions sessions, FanNumberIssuer numbers, ForgottenFans forgotten, FanLimits limits, CancellationToken cancellationToken)
    {
        limits.TakeSession(context.Connection.RemoteIpAddress);
        context.Response.Headers.CacheControl = "no-store";
        var authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            return TypedResults.Json(sessions.Issue(await numbers.NextAsync(cancellationToken)), WireJson.Options);
        }

        var fan = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? await sessions.ReadForRenewalAsync(authorization[Bearer.Length..]) : null;
        if (fan is not { } number)
        {
            throw new FanHubException(ErrorCodes.Unauthorized, "The token presented is not one of this service, or ended too long ago. Ask again without it to become a new fan.");
        }

        forgotten.ThrowIfForgotten(number);
        return TypedResults.Json(sessions.Issue(number), WireJson.Options);
    }
}
