using FanHub.Contracts;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Predictions;

/// <summary>
/// Says how a prediction ended: which outcomes were correct, or that it is void. Settling again corrects: what the earlier decision gave is taken back, and the new one's points
/// are given, each exactly once. Saying the same again changes nothing.
/// </summary>
internal static class SettlePrediction
{
    /// <summary>Asks for it.</summary>
    /// <param name="Id">The prediction.</param>
    /// <param name="Body">The correct outcomes; null makes it void.</param>
    /// <param name="IfMatch">The version that it is meant for.</param>
    /// <param name="Editor">Who decides.</param>
    /// <param name="Fan">The number under which the editor takes part as a fan, where that is known.</param>
    internal sealed record Command(string Id, SettleBody? Body, IfMatch IfMatch, string Editor, long? Fan) : IRequest<PredictionView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuestionSteps steps, IBallotBox box, AwardSignal awards) : IRequestHandler<Command, PredictionView>
    {
        /// <inheritdoc />
        public async Task<PredictionView> Handle(Command request, CancellationToken cancellationToken)
        {
            var prediction = await db.Predictions.FindQuestionAsync(request.Id, request.IfMatch, cancellationToken);
            await RefuseWhoTookPartAsync(prediction, request.Fan, cancellationToken);
            var correct = request.Body?.Check(prediction);
            if (correct is not null && prediction.IsSettledAs(correct))
            {
                // Said once more, and no correction: nobody is told of one.
                return new PredictionView(prediction);
            }

            db.AfterCommit(awards.Wake);
            await steps.EndAsync(
                prediction,
                now =>
                {
                    if (correct is null)
                    {
                        prediction.MakeVoid(request.Editor, now);
                    }
                    else
                    {
                        prediction.Settle(correct, request.Editor, now);
                    }
                },
                cancellationToken);
            return new PredictionView(prediction);
        }

        private async Task RefuseWhoTookPartAsync(Prediction prediction, long? fan, CancellationToken cancellationToken)
        {
            if (fan is { } number && await box.FindBallotAsync(prediction.Id, prediction.Options.Count, number, cancellationToken) is not null)
            {
                throw new FanHubException(ErrorCodes.Forbidden, "You took part in this prediction as a fan: somebody else has to decide how it ended.");
            }
        }
    }
}
