using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Quizzes;

/// <summary>Makes a draft.</summary>
internal static class CreateQuiz
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(QuizBody Body) : IRequest<QuizView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Command, QuizView>
    {
        /// <inheritdoc />
        public async Task<QuizView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var channel = await db.FindChannelAsync(request.Body.Channel, cancellationToken);
            var content = QuizRules.Check(request.Body, channel, now);
            var quiz = Quiz.Draft(channel!.Id, content, now);
            QuizRules.CheckSize(quiz);
            db.Quizzes.Add(quiz);
            // The box knows drafts, so that a fan who guesses one is told that it is not open, and nothing else.
            db.Outbox.Add(OutboxRow.Register(quiz.Channel, quiz.Id, now));
            await db.SaveChangesAsync(cancellationToken);
            return new QuizView(quiz);
        }
    }
}
