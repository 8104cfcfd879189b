using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Quizzes;

/// <summary>Ends a quiz; the current question is closed and revealed first.</summary>
internal static class FinishQuiz
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, IfMatch IfMatch) : IRequest<QuizView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuizSteps steps) : IRequestHandler<Command, QuizView>
    {
        /// <inheritdoc />
        public async Task<QuizView> Handle(Command request, CancellationToken cancellationToken)
        {
            var quiz = await db.FindQuizAsync(request.Id, request.IfMatch, cancellationToken);
            await steps.FinishAsync(quiz, finishedAt: null, cancellationToken);
            return new QuizView(quiz);
        }
    }
}
