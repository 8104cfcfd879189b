namespace FanHub.Server.Hosting;

/// <summary>What endpoints take and give, for the OpenAPI document and for routing by content type.</summary>
internal static class EndpointDescriptions
{
    /// <summary>Takes a JSON body; another content type is refused with 415.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint)
        where T : notnull => endpoint.Accepts<T>("application/json");

    /// <summary>Gives a JSON body with statuses below 300, problem details with the others, and always those that every request may meet.</summary>
    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        int[] always = [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable];
        foreach (var status in (int[])[.. statuses, .. always])
        {
            _ = status < StatusCodes.Status300MultipleChoices ? endpoint.Produces<T>(status) : endpoint.Produces<ProblemBody>(status, "application/problem+json");
        }

        return endpoint;
    }
}
