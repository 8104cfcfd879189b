using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

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
            var polls = db.Polls.AsNoTracking();
            if (!string.IsNullOrEmpty(request.Channel))
            {
                polls = polls.Where(p => p.Channel == request.Channel);
            }

            if (!string.IsNullOrEmpty(request.State))
            {
                var state = PollStates.Find(request.State) ?? throw FieldErrors.Single("state", $"has to be one of {string.Join(", ", PollStates.Names)}");
                polls = polls.Where(p => p.State == state);
            }

            if (Paging.After(request.Cursor) is { } after)
            {
                polls = polls.Where(p => string.Compare(p.Id, after) < 0);
            }

            var read = await polls.OrderByDescending(p => p.Id).Take(limit + 1).ToListAsync(cancellationToken);
            return Paging.Of(read, limit, p => p.Id, PollView.Of);
        }
    }
}
