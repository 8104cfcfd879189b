using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Predictions;

/// <summary>Replaces what a draft or scheduled prediction says.</summary>
internal static class EditPrediction
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, PredictionBody Body, IfMatch IfMatch) : IRequest<PredictionView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuestionSteps steps, TimeProvider time) : IRequestHandler<Command, PredictionView>
    {
        /// <inheritdoc />
        public async Task<PredictionView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var prediction = await db.Predictions.FindQuestionAsync(request.Id, request.IfMatch, cancellationToken);
            var channel = await db.ChannelAsync(prediction.Channel, cancellationToken);
            var (content, terms) = request.Body.Check(channel, now);
            prediction.Edit(content, terms, now);
            await steps.KeepEditedAsync(prediction, channel, cancellationToken);
            return new PredictionView(prediction);
        }
    }
}
