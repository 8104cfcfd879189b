using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary><c>/api/v1/admin/polls</c>.</summary>
internal static class PollEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapPolls(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/polls").WithTags("Polls");
        group.MapPost("/", Create).Takes<PollBody>().Gives<PollView>(201, 400)
            .WithSummary("Makes a draft. Honours Idempotency-Key.");
        group.MapGet("/", List).Gives<Page<PollView>>(200, 400)
            .WithSummary("Lists polls, the newest first, by channel and state, page by page.");
        group.MapGet("/{id}", Get).Gives<PollView>(200, 404)
            .WithSummary("Shows a poll; an open one with its running count.");
        group.MapPut("/{id}", Edit).Takes<PollBody>().Gives<PollView>(200, 400, 404, 409, 412)
            .WithSummary("Replaces what a draft or scheduled poll says. Honours If-Match.");
        Transition("/{id}/open", "Opens a poll now, or schedules a draft whose opensAt is to come.", (id, ifMatch) => new OpenPoll.Command(id, ifMatch));
        Transition("/{id}/close", "Closes an open poll and certifies its count.", (id, ifMatch) => new ClosePoll.Command(id, ifMatch));
        Transition("/{id}/reveal", "Shows the result of a closed poll.", (id, ifMatch) => new RevealPoll.Command(id, ifMatch));
        Transition("/{id}/cancel", "Calls a poll off.", (id, ifMatch) => new CancelPoll.Command(id, ifMatch));
        Transition("/{id}/revoke", "Takes a published poll away from every fan.", (id, ifMatch) => new RevokePoll.Command(id, ifMatch));

        void Transition(string route, string summary, Func<string, IfMatch, IRequest<PollView>> command) =>
            group.MapPost(route, async (string id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) => Show(await mediator.Send(command(id, IfMatch.From(request)), cancellationToken)))
                .Gives<PollView>(200, 404, 409, 412)
                .WithSummary($"{summary} Honours If-Match and Idempotency-Key.");
    }

    private static async Task<IResult> Create(JsonBody<PollBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var poll = await mediator.Send(new CreatePoll.Command(body.Value), cancellationToken);
        return Answer.Created($"/api/v1/admin/polls/{poll.Id}", poll, poll.Version);
    }

    private static async Task<IResult> Edit(string id, JsonBody<PollBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new EditPoll.Command(id, body.Value, IfMatch.From(request)), cancellationToken));

    private static async Task<IResult> Get(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new GetPoll.Query(id), cancellationToken));

    private static async Task<IResult> List(string? channel, string? state, string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new ListPolls.Query(channel, state, cursor, limit), cancellationToken));

    private static IResult Show(PollView poll) => Answer.Ok(poll, poll.Version);
}
