using FanHub.Contracts;
using FanHub.Server.Hosting;
using MediatR;

namespace FanHub.Server.Audience;

/// <summary><c>GET /api/v1/admin/stats</c>: how many fans there are, where, and in which languages.</summary>
internal static class GetStats
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapStats(this IEndpointRouteBuilder admin) => admin
        .MapGet("/stats", async (IMediator mediator, CancellationToken cancellationToken) => Answer.Ok(await mediator.Send(new Query(), cancellationToken)))
        .WithTags("Stats")
        .WithSummary("The audience, over all nodes")
        .WithDescription("A few seconds old at the most. A node that is gone counts for 15 seconds longer.")
        .Produces<Stats>()
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>Asks for it.</summary>
    internal sealed record Query : IRequest<Stats>;

    /// <summary>What there is.</summary>
    /// <param name="At">When it was counted.</param>
    /// <param name="Connections">Connections to all nodes.</param>
    /// <param name="Nodes">Connections to each node.</param>
    /// <param name="Channels">Followers of each channel that has been followed lately.</param>
    internal sealed record Stats(DateTimeOffset At, int Connections, IReadOnlyList<NodeStats> Nodes, IReadOnlyDictionary<string, AudienceItem> Channels);

    /// <summary>One node.</summary>
    /// <param name="Node">Its id.</param>
    /// <param name="Connections">Its connections.</param>
    internal sealed record NodeStats(string Node, int Connections);

    /// <summary>Does it.</summary>
    internal sealed class Handler(IAudienceBoard board) : IRequestHandler<Query, Stats>
    {
        /// <inheritdoc/>
        public async Task<Stats> Handle(Query request, CancellationToken cancellationToken)
        {
            var reading = await board.ReadAsync(cancellationToken);
            return new Stats(reading.At, reading.Nodes.Sum(n => n.Connections), [.. reading.Nodes.Select(n => new NodeStats(n.Node, n.Connections))], reading.Channels);
        }
    }
}
