using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Quizzes;

/// <summary><c>/api/v1/admin/quizzes</c>.</summary>
internal static class QuizEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapQuizzes(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/quizzes").WithTags("Quizzes");
        group.MapPost("/", Create).Takes<QuizBody>().Gives<QuizView>(201, 400)
            .WithSummary("Makes a draft. Honours Idempotency-Key.");
        group.MapGet("/", List).Gives<Page<QuizView>>(200, 400)
            .WithSummary("Lists quizzes, the newest first, by channel and state, page by page.");
        group.MapGet("/{id}", Get).Gives<QuizView>(200, 404)
            .WithSummary("Shows a quiz; with the running count of the question that is open.");
        group.MapPut("/{id}", Edit).Takes<QuizBody>().Gives<QuizView>(200, 400, 404, 409, 412)
            .WithSummary("Replaces what a draft or scheduled quiz says. Honours If-Match.");
        Transition("/{id}/start", "Starts a quiz now, or schedules a draft whose opensAt is to come.", (id, ifMatch) => new StartQuiz.Command(id, ifMatch));
        Transition("/{id}/close", "Closes the current question and certifies its count.", (id, ifMatch) => new CloseQuestion.Command(id, ifMatch));
        Transition("/{id}/reveal", "Shows what was correct in the current question, closing it first.", (id, ifMatch) => new RevealQuestion.Command(id, ifMatch));
        Transition("/{id}/next", "Opens the next question, closing and revealing the current one first.", (id, ifMatch) => new NextQuestion.Command(id, ifMatch));
        Transition("/{id}/finish", "Ends a quiz, closing and revealing the current question first.", (id, ifMatch) => new FinishQuiz.Command(id, ifMatch));
        Transition("/{id}/cancel", "Calls a quiz off.", (id, ifMatch) => new CancelQuiz.Command(id, ifMatch));
        Transition("/{id}/revoke", "Takes a published quiz away from every fan.", (id, ifMatch) => new RevokeQuiz.Command(id, ifMatch));

        void Transition(string route, string summary, Func<string, IfMatch, IRequest<QuizView>> command) =>
            group.MapPost(route, async (string id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) => Show(await mediator.Send(command(id, IfMatch.From(request)), cancellationToken)))
                .Gives<QuizView>(200, 404, 409, 412)
                .WithSummary($"{summary} Honours If-Match and Idempotency-Key.");
    }

    private static async Task<IResult> Create(JsonBody<QuizBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var quiz = await mediator.Send(new CreateQuiz.Command(body.Value), cancellationToken);
        return Answer.Created($"/api/v1/admin/quizzes/{quiz.Id}", quiz, quiz.Version);
    }

    private static async Task<IResult> Edit(string id, JsonBody<QuizBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new EditQuiz.Command(id, body.Value, IfMatch.From(request)), cancellationToken));

    private static async Task<IResult> Get(string id, IMediator mediator, CancellationToken cancellationToken) =>
        Show(await mediator.Send(new GetQuiz.Query(id), cancellationToken));

    private static async Task<IResult> List(string? channel, string? state, string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new ListQuizzes.Query(channel, state, cursor, limit), cancellationToken));

    private static IResult Show(QuizView quiz) => Answer.Ok(quiz, quiz.Version);
}
