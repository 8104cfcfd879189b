using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Cheers;

/// <summary><c>/api/v1/admin/cheers</c>.</summary>
internal static class CheerEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapCheers(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/cheers").WithTags("Cheers");
        group.MapPut("/{channel}", Save).Takes<ReactionsBody>().Gives<ReactionsView>(200, 201, 400, 404, 412)
            .WithSummary("Decides how fans may cheer in a channel. Honours If-Match.");
        group.MapGet("/{channel}", Get).Gives<ReactionsView>(200, 404)
            .WithSummary("Shows how fans may cheer in a channel.");
    }

    private static async Task<IResult> Save(string channel, JsonBody<ReactionsBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var saved = await mediator.Send(new SaveReactions.Command(channel, body.Value, IfMatch.From(request)), cancellationToken);
        return saved.Created
            ? Answer.Created($"/api/v1/admin/cheers/{saved.Reactions.Channel}", saved.Reactions, saved.Reactions.Version)
            : Answer.Ok(saved.Reactions, saved.Reactions.Version);
    }

    private static async Task<IResult> Get(string channel, IMediator mediator, CancellationToken cancellationToken)
    {
        var reactions = await mediator.Send(new GetReactions.Query(channel), cancellationToken);
        return Answer.Ok(reactions, reactions.Version);
    }
}
