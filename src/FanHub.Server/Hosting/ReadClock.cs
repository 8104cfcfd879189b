namespace FanHub.Server.Hosting;

/// <summary><c>GET /api/v1/admin/clock</c>: the time by the server, so that an editor's countdown ends when the fans' do.</summary>
internal static class ReadClock
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapClock(this IEndpointRouteBuilder admin) => admin
        .MapGet("/clock", (TimeProvider time) => Answer.Ok(new ClockReading(time.GetUtcNow().ToUnixTimeMilliseconds())))
        .WithTags("Clock")
        .Gives<ClockReading>(200)
        .WithSummary("The time by the server's clock, in Unix milliseconds.");
}

/// <summary>A look at the clock.</summary>
/// <param name="Now">Unix milliseconds.</param>
internal sealed record ClockReading(long Now);
