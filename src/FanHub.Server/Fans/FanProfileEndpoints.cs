using System.Globalization;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace FanHub.Server.Fans;

/// <summary><c>/api/v1/fans/me</c>: what a fan is called, and being forgotten.</summary>
internal static class FanProfileEndpoints
{
    private const int MaxBody = 4 * 1024;

    /// <summary>Maps the endpoints.</summary>
    public static void MapFanProfiles(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/api/v1/fans/me").RequireAuthorization(FanSessions.Scheme).WithTags("Fans");
        me.MapGet("", GetAsync)
            .WithSummary("What the fan is called")
            .WithDescription("The name that the fan chose, or the one that fans have who chose none: Fan and four digits.")
            .Gives<FanProfile>(StatusCodes.Status200OK, StatusCodes.Status429TooManyRequests);
        me.MapPut("", PutAsync)
            .Takes<NameBody>()
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .WithSummary("Chooses a name, or none")
            .WithDescription("1 to 24 characters of any script. Where the name cannot be had, the answer says what to change.")
            .Gives<FanProfile>(StatusCodes.Status200OK, StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status429TooManyRequests);
        me.MapDelete("", DeleteAsync)
            .WithSummary("Forgets the fan")
            .WithDescription(
                "Removes the name and wishes for more time, closes the fan's connections, and refuses the token and its renewal from then on, at every node within two seconds. "
                + "Ballots stay counted, under a number that nothing leads to any more.")
            .Produces(StatusCodes.Status204NoContent)
            .Produces<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")
            .Produces<ProblemBody>(StatusCodes.Status429TooManyRequests, "application/problem+json")
            .Produces<ProblemBody>(StatusCodes.Status503ServiceUnavailable, "application/problem+json");
    }

    private static async Task<IResult> GetAsync(HttpContext context, IFanProfiles profiles, FanLimits limits, CancellationToken cancellationToken)
    {
        var fan = FanSessions.NumberOf(context.User);
        limits.TakeCall(fan);
        return Answer(context, fan, await profiles.FindNameAsync(fan, cancellationToken));
    }

    private static async Task<IResult> PutAsync(JsonBody<NameBody> body, HttpContext context, IFanProfiles profiles, DisplayNames names, FanLimits limits, CancellationToken cancellationToken)
    {
        var fan = FanSessions.NumberOf(context.User);
        limits.TakeName(fan);
        var name = body.Value.Name is { } given ? names.Check(given) : null;
        await profiles.SetNameAsync(fan, name, cancellationToken);
        return Answer(context, fan, name);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, ForgottenFans forgotten, FanLimits limits)
    {
        var fan = FanSessions.NumberOf(context.User);
        limits.TakeForget(context.Connection.RemoteIpAddress);
        await forgotten.ForgetAsync(fan);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.NoContent();
    }

    private static IResult Answer(HttpContext context, long fan, string? name)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new FanProfile(fan.ToString(CultureInfo.InvariantCulture), name ?? DisplayNames.Default(fan), name is not null), WireJson.Options);
    }
}

/// <summary>What a fan asks to be called.</summary>
internal sealed record NameBody
{
    /// <summary>The name; null for none.</summary>
    public required string? Name { get; init; }
}
