using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Lists polls, the newest first.</summary>
internal static class ListPolls
{
    /// <summary>Asks for a page.</summary>
    internal sealed record Query(string? Channel, string? State, string? Cursor, int? Limit) : IRequest<Page<PollView>>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, Page<PollView>>
    {
        /// <inheritdoc />
        public async Task<Page<PollView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var read = await db.Polls.PageAsync(request.Channel, request.State, request.Cursor, limit, cancellationToken);
            return Paging.Of(read, limit, p => p.Id, p => new PollView(p));
        }
    }
}
