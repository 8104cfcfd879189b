using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Questions;
using FanHub.Server.Quizzes;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Exports;

/// <summary>Exports a leaderboard, with what fans are called: for those who hand out the prizes.</summary>
internal static class ExportLeaderboard
{
    /// <summary>Asks for it.</summary>
    /// <param name="Board">A quiz's id, or <c>predictions.{channel}</c>.</param>
    internal sealed record Query(string Board) : IRequest<Export>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, CertifiedOnly certified, TimeProvider time) : IRequestHandler<Query, Export>
    {
        private static readonly string Predictions = FindStanding.OfPredictions(string.Empty);

        /// <inheritdoc />
        public async Task<Export> Handle(Query request, CancellationToken cancellationToken)
        {
            var head = request.Board.StartsWith(Predictions, StringComparison.Ordinal)
                ? await OfPredictionsAsync(request.Board, cancellationToken)
                : await OfQuizAsync(request.Board, cancellationToken);
            await certified.RequirePointsAsync(db, request.Board, cancellationToken);
            return new Export { Locale = (await db.ChannelAsync(head.Channel, cancellationToken)).DefaultLocale, Head = head, Board = request.Board, Names = true };
        }

        private async Task<ExportHead> OfPredictionsAsync(string board, CancellationToken cancellationToken)
        {
            var channel = await db.FindChannelAsync(board[Predictions.Length..], cancellationToken) ?? throw new FanHubException(ErrorCodes.NotFound, "There is no such channel.");
            var states = await db.Predictions.AsNoTracking().Where(p => p.Channel == channel.Id).Select(p => p.State).Distinct().ToListAsync(cancellationToken);
            return states.Exists(s => s is QuestionState.Settled or QuestionState.Void)
                ? Head(board, channel.Id, channel.Title)
                : throw new FanHubException(ErrorCodes.Conflict, "No prediction of this channel is settled, so that nobody has points. Settle one first.");
        }

        private async Task<ExportHead> OfQuizAsync(string board, CancellationToken cancellationToken)
        {
            var quiz = await db.Quizzes.AsNoTracking().SingleOrDefaultAsync(q => q.Id == board, cancellationToken) ?? throw new FanHubException(ErrorCodes.NotFound, "There is no such leaderboard.");
            ExportQuiz.RequireEnded(quiz);
            return quiz.State == QuizState.Revoked
                ? throw new FanHubException(ErrorCodes.Conflict, "The quiz was taken away from every fan, and its leaderboard with it.")
                : Head(board, quiz.Channel, quiz.Title) with { State = QuizStates.Name(quiz.State) };
        }

        private ExportHead Head(string board, string channel, IReadOnlyDictionary<string, string> title) =>
            new() { Kind = ItemKinds.Leaderboard, Id = board, Channel = channel, Title = title, ExportedAt = time.NowMs() };
    }
}
