using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Quizzes;

/// <summary>Shows what was correct in the current question.</summary>
internal static class RevealQuestion
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
            await steps.RevealAsync(quiz, revealedAt: null, cancellationToken);
            return new QuizView(quiz);
        }
    }
}
