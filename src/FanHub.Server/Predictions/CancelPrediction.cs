using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Predictions;

/// <summary>Calls a prediction off.</summary>
internal static class CancelPrediction
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, IfMatch IfMatch) : IRequest<PredictionView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuestionSteps steps) : IRequestHandler<Command, PredictionView>
    {
        /// <inheritdoc />
        public async Task<PredictionView> Handle(Command request, CancellationToken cancellationToken)
        {
            var prediction = await db.Predictions.FindQuestionAsync(request.Id, request.IfMatch, cancellationToken);
            await steps.CancelAsync(prediction, cancellationToken);
            return new PredictionView(prediction);
        }
    }
}
