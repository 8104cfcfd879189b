using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Predictions;

/// <summary>Shows a prediction; an open one with its running count, if the ballot box answers.</summary>
internal static class GetPrediction
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<PredictionView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, RunningCounts counts) : IRequestHandler<Query, PredictionView>
    {
        /// <inheritdoc />
        public async Task<PredictionView> Handle(Query request, CancellationToken cancellationToken)
        {
            var prediction = await db.Predictions.ReadQuestionAsync(request.Id, cancellationToken);
            return new PredictionView(prediction) { Tally = prediction.State == QuestionState.Open ? await counts.FindAsync(prediction.Round, cancellationToken) : null };
        }
    }
}
