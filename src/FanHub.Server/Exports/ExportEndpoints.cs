using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Exports;

/// <summary>The exports of <c>/api/v1/admin</c>.</summary>
internal static class ExportEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapExports(this IEndpointRouteBuilder admin)
    {
        Map("/polls/{id}/export", "Polls", "a poll's certified count with every ballot", id => new ExportPoll.Query(id));
        Map("/predictions/{id}/export", "Predictions", "a prediction's certified count with every ballot and what it earned", id => new ExportPrediction.Query(id));
        Map("/quizzes/{id}/export", "Quizzes", "a quiz that has ended: each question's count with every answer, and the leaderboard", id => new ExportQuiz.Query(id));
        Map("/leaderboards/{id}/export", "Leaderboards", "a leaderboard with everybody's name (a quiz's id, or predictions.{channel})", id => new ExportLeaderboard.Query(id));

        void Map(string route, string tag, string what, Func<string, IRequest<Export>> query) =>
            admin.MapGet(route, async (string id, string? format, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var formats = ExportFormats.Find(format);
                    return new ExportAnswer(await mediator.Send(query(id), cancellationToken), formats);
                })
                .Produces<string>(StatusCodes.Status200OK, "application/json", "text/csv")
                .Gives<string>(400, 404, 409)
                .WithTags(tag)
                .WithSummary($"Exports {what}, in JSON, or with format=csv in CSV.");
    }
}
