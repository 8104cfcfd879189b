using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Predictions;

/// <summary>Makes a draft.</summary>
internal static class CreatePrediction
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(PredictionBody Body) : IRequest<PredictionView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuestionSteps steps, TimeProvider time) : IRequestHandler<Command, PredictionView>
    {
        /// <inheritdoc />
        public async Task<PredictionView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var channel = await db.FindChannelAsync(request.Body.Channel, cancellationToken);
            var (content, terms) = request.Body.Check(channel, now);
            var prediction = Prediction.Draft(channel!.Id, content, terms, now);
            await steps.KeepDraftAsync(prediction, cancellationToken);
            return new PredictionView(prediction);
        }
    }
}
