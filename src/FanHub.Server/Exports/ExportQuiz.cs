using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Quizzes;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Exports;

/// <summary>Exports a quiz that has ended: of every question that was asked its rules, its certified count and every answer, then the leaderboard.</summary>
internal static class ExportQuiz
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<Export>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, CertifiedOnly certified, TimeProvider time) : IRequestHandler<Query, Export>
    {
        /// <inheritdoc />
        public async Task<Export> Handle(Query request, CancellationToken cancellationToken)
        {
            var quiz = await db.Quizzes.AsNoTracking().SingleOrDefaultAsync(q => q.Id == request.Id, cancellationToken) ?? throw FindQuizzes.NoSuchQuiz();
            RequireEnded(quiz);
            await certified.RequirePointsAsync(db, quiz.Id, cancellationToken);
            return new Export
            {
                Locale = (await db.ChannelAsync(quiz.Channel, cancellationToken)).DefaultLocale,
                Head = new ExportHead
                {
                    Kind = ItemKinds.Quiz,
                    Id = quiz.Id,
                    Channel = quiz.Channel,
                    Title = quiz.Title,
                    State = QuizStates.Name(quiz.State),
                    ExportedAt = time.NowMs(),
                    LateWindowMs = quiz.LateWindowMs,
                    Scoring = Wire.Name(quiz.Scoring),
                    StreakBonus = quiz.StreakBonus,
                },
                Rounds = [.. quiz.Questions.Where(q => q.Result is not null).Select(q => Round(quiz, q))],
                // The leaderboard of a quiz that was taken away went with it.
                Board = quiz.State == QuizState.Revoked ? null : quiz.Id,
            };
        }

        private static ExportedRound Round(Quiz quiz, QuizQuestion question) => new()
        {
            Id = question.Id,
            Round = quiz.RoundOf(question),
            Text = question.Text,
            State = QuizStates.Name(question.State),
            Options = question.Options,
            Correct = question.Correct,
            Points = question.Points,
            Seconds = question.Seconds,
            Result = question.Result!,
        };
    }

    /// <summary>Throws while answers or points can still come, and where none ever were counted.</summary>
    /// <exception cref="FanHubException"><c>conflict</c>.</exception>
    public static void RequireEnded(Quiz quiz)
    {
        var first = quiz.State switch
        {
            QuizState.Draft or QuizState.Scheduled => "Start and finish it",
            QuizState.Running => "Finish it",
            _ => null,
        };
        if (first is not null || quiz.Questions.TrueForAll(q => q.Result is null))
        {
            throw CertifiedOnly.NotYet(ItemKinds.Quiz, QuizStates.Name(quiz.State), first);
        }
    }
}
