using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Predictions;

/// <summary>Lists predictions, the newest first.</summary>
internal static class ListPredictions
{
    /// <summary>Asks for a page.</summary>
    internal sealed record Query(string? Channel, string? State, string? Cursor, int? Limit) : IRequest<Page<PredictionView>>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, Page<PredictionView>>
    {
        /// <inheritdoc />
        public async Task<Page<PredictionView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var read = await db.Predictions.PageAsync(request.Channel, request.State, request.Cursor, limit, cancellationToken);
            return Paging.Of(read, limit, p => p.Id, p => new PredictionView(p));
        }
    }
}
