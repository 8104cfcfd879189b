using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Predictions;

/// <summary><c>/api/v1/admin/predictions</c>.</summary>
internal static class PredictionEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapPredictions(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/predictions").WithTags("Predictions");
        group.MapPost("/", Create).Takes<PredictionBody>().Gives<PredictionView>(201, 400)
            .WithSummary("Makes a draft. Honours Idempotency-Key.");
        group.MapGet("/", List).Gives<Page<PredictionView>>(200, 400)
            .WithSummary("Lists predictions, the newest first, by channel and state, page by page.");
        group.MapGet("/{id}", Get).Gives<PredictionView>(200, 404)
            .WithSummary("Shows a prediction; an open one with its running count.");
        group.MapPut("/{id}", Edit).Takes<PredictionBody>().Gives<PredictionView>(200, 400, 404, 409, 412)
            .WithSummary("Replaces what a draft or scheduled prediction says. Honours If-Match.");
        Transition("/{id}/open", "Opens a prediction now, or schedules a draft whose opensAt is to come.", (id, ifMatch) => new OpenPrediction.Command(id, ifMatch));
        Transition("/{id}/lock", "Locks an open prediction and certifies its count.", (id, ifMatch) => new LockPrediction.Command(id, ifMatch));
        Transition("/{id}/cancel", "Calls a prediction off.", (id, ifMatch) => new CancelPrediction.Command(id, ifMatch));
        Transition("/{id}/revoke", "Takes a published prediction away from every fan.", (id, ifMatch) => new RevokePrediction.Command(id, ifMatch));
        group.MapPost("/{id}/settle", Settle).Takes<SettleBody>().Gives<PredictionView>(200, 400, 403, 404, 409, 412)
            .WithSummary("Says which outcomes were correct; saying it again corrects it. Honours If-Match, Idempotency-Key and X-Fan-Token.");
        group.MapPost("/{id}/void", MakeVoid).Gives<PredictionView>(200, 403, 404, 409, 412)
            .WithSummary("Makes a prediction count for nothing. Honours If-Match, Idempotency-Key and X-Fan-Token.");

        void Transition(string route, string summary, Func<string, IfMatch, IRequest<PredictionView>> command) =>
            group.MapPost(route, async (string id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) => Show(await mediator.Send(command(id, IfMatch.From(request)), cancellationToken)))
                .Gives<PredictionView>(200, 404, 409, 412)
                .WithSummary($"{summary} Honours If-Match and Idempotency-Key.");
    }

    private static async Task<IResult> Create(JsonBody<PredictionBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var prediction = await mediator.Send(new CreatePrediction.Command(body.Value), cancellationToken);
        return Answer.Created($"/api/v1/admin/predictions/{prediction.Id}", prediction, prediction.Version);
    }

    private static async Task<IResult> Edit(string id, JsonBody<PredictionBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new EditPrediction.Command(id, body.Value, IfMatch.From(request)), cancellationToken));

    private static async Task<IResult> Get(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new GetPrediction.Query(id), cancellationToken));

    private static async Task<IResult> List(string? channel, string? state, string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new ListPredictions.Query(channel, state, cursor, limit), cancellationToken));

    private static Task<IResult> Settle(string id, JsonBody<SettleBody> body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        DecideAsync(id, body.Value, context, mediator, cancellationToken);

    private static Task<IResult> MakeVoid(string id, HttpContext context, IMediator mediator, CancellationToken cancellationToken) => DecideAsync(id, body: null, context, mediator, cancellationToken);

    private static async Task<IResult> DecideAsync(string id, SettleBody? body, HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        var fan = await EditorsFan.FindAsync(context);
        return Show(await mediator.Send(new SettlePrediction.Command(id, body, IfMatch.From(context.Request), context.User.Identity?.Name ?? "editor", fan), cancellationToken));
    }

    private static IResult Show(PredictionView prediction) => Answer.Ok(prediction, prediction.Version);
}
