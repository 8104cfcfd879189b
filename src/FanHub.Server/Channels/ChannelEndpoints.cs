using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Channels;

/// <summary><c>/api/v1/admin/channels</c>.</summary>
internal static class ChannelEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapChannels(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/channels").WithTags("Channels");
        group.MapPut("/{id}", Save).Takes<ChannelBody>().Gives<ChannelView>(200, 201, 400, 412)
            .WithSummary("Makes a channel, or changes it. Honours If-Match.");
        group.MapGet("/{id}", Get).Gives<ChannelView>(200, 404)
            .WithSummary("Shows a channel.");
        group.MapGet("/", List).Gives<Page<ChannelView>>(200, 400)
            .WithSummary("Lists the channels by id, page by page.");
    }

    private static async Task<IResult> Save(string id, JsonBody<ChannelBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var saved = await mediator.Send(new SaveChannel.Command(id, body.Value, IfMatch.From(request)), cancellationToken);
        return saved.Created
            ? Answer.Created($"/api/v1/admin/channels/{saved.Channel.Id}", saved.Channel, saved.Channel.Version)
            : Answer.Ok(saved.Channel, saved.Channel.Version);
    }

    private static async Task<IResult> Get(string id, IMediator mediator, CancellationToken cancellationToken)
    {
        var channel = await mediator.Send(new GetChannel.Query(id), cancellationToken);
        return Answer.Ok(channel, channel.Version);
    }

    private static async Task<IResult> List(string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new ListChannels.Query(cursor, limit), cancellationToken));
}
