using FanHub.Server.Hosting;
using FanHub.Server.Results.Feed;
using MediatR;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Editors;

/// <summary><c>/api/v1/admin/results</c>: results of events that no feed tells of.</summary>
internal static class ResultEndpoints
{
    private const int MaxBatch = 100;

    /// <summary>Maps them.</summary>
    public static void MapEditorsResults(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/results").WithTags("Results");
        group.MapPut("/{unit}", Put).Takes<ResultBody>().Gives<ResultView>(200, 201, 400, 412)
            .WithSummary("Publishes a unit's result, or replaces it. Honours If-Match.");
        group.MapDelete("/{unit}", Delete).Gives<ResultView>(204, 404, 412)
            .WithSummary("Takes away what editors said of a unit; what a feed says of it, if anything, shows again. Honours If-Match.");
        group.MapGet("/{unit}", Get).Gives<ResultView>(200, 404)
            .WithSummary("Shows a unit's result.");
        group.MapGet("/", List).Gives<Page<ResultView>>(200, 400)
            .WithSummary("Lists results by unit, page by page.");
        admin.MapPost("/results:batch", Batch).Takes<ResultBatch>().Gives<BatchView>(200, 400).WithTags("Results")
            .WithSummary("Publishes up to 100 results, in their order, or none. Honours Idempotency-Key.");
    }

    private static async Task<IResult> Put(string unit, JsonBody<ResultBody> body, HttpRequest request, IMediator mediator, IOptions<FeedOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        _ = IfMatch.From(request);
        var errors = new FieldErrors();
        ResultRules.CheckUnit(errors, "unit", unit);
        var result = ResultRules.Check(errors, string.Empty, unit, body.Value, options.Value.Locale, time.NowMs());
        errors.ThrowIfAny();
        var published = await mediator.Send(new PublishResults.Command([new EditorsMessage { Unit = unit, Result = result, IfMatch = Condition(request) }]), cancellationToken);
        var view = published.Results[0];
        return published.Created ? Answer.Created($"/api/v1/admin/results/{unit}", view, view.Version) : Answer.Ok(view, view.Version);
    }

    private static async Task<IResult> Delete(string unit, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        _ = IfMatch.From(request);
        ResultRules.CheckUnit(unit);
        await mediator.Send(new PublishResults.Command([new EditorsMessage { Unit = unit, IfMatch = Condition(request) }]), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Get(string unit, IMediator mediator, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new GetResult.Query(unit), cancellationToken);
        return Answer.Ok(result, result.Version);
    }

    private static async Task<IResult> List(string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
        Answer.Ok(await mediator.Send(new ListResults.Query(cursor, limit), cancellationToken));

    private static async Task<IResult> Batch(JsonBody<ResultBatch> body, IMediator mediator, IOptions<FeedOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var results = body.Value.Results ?? [];
        var errors = new FieldErrors();
        errors.Check(results.Count is >= 1 and <= MaxBatch, "results", $"has to have from 1 to {MaxBatch} entries");
        var messages = new List<EditorsMessage>(results.Count);
        for (var i = 0; i < Math.Min(results.Count, MaxBatch); i++)
        {
            var path = $"results[{i}]";
            if (!errors.Check(results[i] is not null, path, "is null"))
            {
                continue;
            }

            var unit = results[i]!.Unit ?? string.Empty;
            ResultRules.CheckUnit(errors, $"{path}.unit", unit);
            messages.Add(new EditorsMessage { Unit = unit, Result = ResultRules.Check(errors, path + ".", unit, results[i]!, options.Value.Locale, time.NowMs()) });
        }

        errors.ThrowIfAny();
        var published = await mediator.Send(new PublishResults.Command(messages, IsBatch: true), cancellationToken);
        return Answer.Ok(new BatchView([.. published.Results.OfType<ResultView>()]));
    }

    private static string? Condition(HttpRequest request) => request.Headers.IfMatch.Count == 0 ? null : request.Headers.IfMatch.ToString();

    /// <summary>What came of a batch.</summary>
    /// <param name="Results">The results as they are now, in the batch's order.</param>
    internal sealed record BatchView(IReadOnlyList<ResultView> Results);
}
