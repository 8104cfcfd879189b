using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Results.Rehearsals;

/// <summary><c>/api/v1/admin/rehearsals</c>.</summary>
internal static class RehearsalEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapRehearsals(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/rehearsals").WithTags("Rehearsals");
        group.MapPost("/", Start).Takes<RehearsalBody>().Gives<RehearsalView>(201, 400, 409)
            .WithSummary("Plays stored messages, or a folder of them, once more, on channels of their own. Honours Idempotency-Key.");
        group.MapGet("/", List).Gives<Page<RehearsalView>>(200, 400)
            .WithSummary("Lists rehearsals by id, page by page.");
        group.MapGet("/{id}", Get).Gives<RehearsalView>(200, 404)
            .WithSummary("Shows how far a rehearsal has come.");
        group.MapPost("/{id}/stop", Stop).Gives<RehearsalView>(200, 404)
            .WithSummary("Stops a rehearsal; what it has shown stays. Honours Idempotency-Key.");
        group.MapDelete("/{id}", Remove).Gives<RehearsalView>(204, 404)
            .WithSummary("Stops a rehearsal and takes away what it has shown, within seconds.");
    }

    private static async Task<IResult> Start(JsonBody<RehearsalBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var rehearsal = await mediator.Send(new StartRehearsal.Command(body.Value), cancellationToken);
        return Answer.Created($"/api/v1/admin/rehearsals/{rehearsal.Id}", rehearsal, version: 1);
    }

    private static async Task<IResult> List(string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new FindRehearsals.ListQuery(cursor, limit), cancellationToken));

    private static async Task<IResult> Get(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new FindRehearsals.Query(id), cancellationToken));

    private static async Task<IResult> Stop(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new EndRehearsal.Command(id, Remove: false), cancellationToken));

    private static async Task<IResult> Remove(string id, IMediator mediator, CancellationToken cancellationToken)
    {
        await mediator.Send(new EndRehearsal.Command(id, Remove: true), cancellationToken);
        return TypedResults.NoContent();
    }
}
