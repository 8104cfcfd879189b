using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Announcements;

/// <summary><c>/api/v1/admin/announcements</c>.</summary>
internal static class AnnouncementEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapAnnouncements(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/announcements").WithTags("Announcements");
        group.MapPost("/", Create).Takes<AnnouncementBody>().Gives<AnnouncementView>(201, 400)
            .WithSummary("Makes a draft. Honours Idempotency-Key.");
        group.MapGet("/", List).Gives<Page<AnnouncementView>>(200, 400)
            .WithSummary("Lists announcements, the newest first, by channel and state, page by page.");
        group.MapGet("/{id}", Get).Gives<AnnouncementView>(200, 404)
            .WithSummary("Shows an announcement.");
        group.MapPut("/{id}", Edit).Takes<AnnouncementBody>().Gives<AnnouncementView>(200, 400, 404, 409, 412)
            .WithSummary("Replaces what a draft or scheduled announcement says. Honours If-Match.");
        Transition("/{id}/publish", "Publishes an announcement now, or schedules a draft whose opensAt is to come.", (id, ifMatch) => new PublishAnnouncement.Command(id, ifMatch));
        Transition("/{id}/cancel", "Calls a draft or scheduled announcement off.", (id, ifMatch) => new CancelAnnouncement.Command(id, ifMatch));
        Transition("/{id}/revoke", "Takes a published announcement away from every fan.", (id, ifMatch) => new RevokeAnnouncement.Command(id, ifMatch));

        void Transition(string route, string summary, Func<string, IfMatch, IRequest<AnnouncementView>> command) =>
            group.MapPost(route, async (string id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) => Show(await mediator.Send(command(id, IfMatch.From(request)), cancellationToken)))
                .Gives<AnnouncementView>(200, 404, 409, 412)
                .WithSummary($"{summary} Honours If-Match and Idempotency-Key.");
    }

    private static async Task<IResult> Create(JsonBody<AnnouncementBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var announcement = await mediator.Send(new CreateAnnouncement.Command(body.Value), cancellationToken);
        return Answer.Created($"/api/v1/admin/announcements/{announcement.Id}", announcement, announcement.Version);
    }

    private static async Task<IResult> Edit(string id, JsonBody<AnnouncementBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new EditAnnouncement.Command(id, body.Value, IfMatch.From(request)), cancellationToken));

    private static async Task<IResult> Get(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new GetAnnouncement.Query(id), cancellationToken));

    private static async Task<IResult> List(string? channel, string? state, string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new ListAnnouncements.Query(channel, state, cursor, limit), cancellationToken));

    private static IResult Show(AnnouncementView announcement) => Answer.Ok(announcement, announcement.Version);
}
