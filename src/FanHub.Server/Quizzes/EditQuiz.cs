using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Quizzes;

/// <summary>Replaces what a draft or scheduled quiz says.</summary>
internal static class EditQuiz
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, QuizBody Body, IfMatch IfMatch) : IRequest<QuizView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, DueClockSignal clock, TimeProvider time) : IRequestHandler<Command, QuizView>
    {
        /// <inheritdoc />
        public async Task<QuizView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var quiz = await db.FindQuizAsync(request.Id, request.IfMatch, cancellationToken);
            var channel = await db.ChannelAsync(quiz.Channel, cancellationToken);
            quiz.Edit(QuizRules.Check(request.Body, channel, now), now);
            QuizRules.CheckSize(quiz);
            if (quiz.State == QuizState.Scheduled)
            {
                QuizRules.CheckLanguages(quiz, channel);
            }

            db.AfterCommit(clock.Wake);
            await db.SaveChangesAsync(cancellationToken);
            return new QuizView(quiz);
        }
    }
}
