using FanHub.Server.Hosting;
using FanHub.Server.Predictions;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Exports;

/// <summary>Exports a prediction: its certified count, how it ended, every ballot, and once it is settled what each earned.</summary>
internal static class ExportPrediction
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<Export>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Query, Export>
    {
        /// <inheritdoc />
        public async Task<Export> Handle(Query request, CancellationToken cancellationToken)
        {
            var prediction = await db.Predictions.ReadQuestionAsync(request.Id, cancellationToken);
            var version = prediction.State == QuestionState.Revoked ? 0 : prediction.Settlements.Count;
            return new Export
            {
                Locale = (await db.ChannelAsync(prediction.Channel, cancellationToken)).DefaultLocale,
                Head = ExportedQuestion.Head(prediction, time.NowMs()) with
                {
                    Points = prediction.Points,
                    Settlements = [.. prediction.Settlements.Select(s => new ExportedSettlement(s.Number, s.Correct, s.Void, s.At))],
                },
                Rounds =
                [
                    ExportedQuestion.Round(prediction, "Lock it") with
                    {
                        Earned = prediction.Settlements.Count > 0 ? choices => PredictionAwards.Points(prediction, choices, version) : null,
                    },
                ],
            };
        }
    }
}
