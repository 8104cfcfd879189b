using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Quizzes;

/// <summary>Shows a quiz; with the running count of the question that is open, if the ballot box answers.</summary>
internal static class GetQuiz
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<QuizView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, RunningCounts counts) : IRequestHandler<Query, QuizView>
    {
        /// <inheritdoc />
        public async Task<QuizView> Handle(Query request, CancellationToken cancellationToken)
        {
            var quiz = await db.Quizzes.AsNoTracking().SingleOrDefaultAsync(q => q.Id == request.Id, cancellationToken) ?? throw FindQuizzes.NoSuchQuiz();
            return new QuizView(quiz, quiz is { State: QuizState.Running, Current: { State: QuizQuestionState.Open } open } ? await counts.FindAsync(quiz.RoundOf(open), cancellationToken) : null);
        }
    }
}
