using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Results.Feed;

/// <summary><c>/api/v1/admin/feeds</c>: watching what came in.</summary>
internal static class FeedEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapFeeds(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/feeds").WithTags("Feeds");
        group.MapGet("/status", Status).Gives<FeedStatus>(200)
            .WithSummary("Shows how the feed is doing: what came in the last 24 hours and what came of it, what waits, what could not be read.");
        group.MapGet("/messages", List).Gives<Page<FeedMessageView>>(200, 400)
            .WithSummary("Lists messages, the newest first, by state, outcome, flag, type and code, page by page. state=dead are those that could not be read.");
        group.MapGet("/messages/{id}", Get).Gives<FeedMessageView>(200, 404)
            .WithSummary("Shows what is known of a message.");
        group.MapGet("/messages/{id}/content", Content).Gives<string>(404).Produces(StatusCodes.Status200OK, contentType: "application/xml")
            .WithSummary("Gives a message as it came, uncompressed, as a file.");
        group.MapPost("/messages/{id}/replay", Replay).Gives<FeedMessageView>(200, 404, 409)
            .WithSummary("Has a message looked at once more. Honours Idempotency-Key.");
    }

    private static async Task<IResult> Status(IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new GetFeedStatus.Query(), cancellationToken));

    private static async Task<IResult> List(
        string? state, string? outcome, string? flagged, string? type, string? code, string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(
            new ListFeedMessages.Query { State = state, Outcome = outcome, Flagged = flagged, Type = type, Code = code, Cursor = cursor, Limit = limit }, cancellationToken));

    private static async Task<IResult> Get(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new GetFeedMessage.Query(id), cancellationToken));

    private static async Task<IResult> Content(string id, IMediator mediator, CancellationToken cancellationToken) =>
        await mediator.Send(new GetFeedContent.Query(id), cancellationToken);

    private static async Task<IResult> Replay(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new ReplayFeedMessage.Command(id), cancellationToken));
}
