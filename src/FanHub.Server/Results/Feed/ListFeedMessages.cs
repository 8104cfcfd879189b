using System.Globalization;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Feed;

/// <summary>Lists messages, the newest first.</summary>
internal static class ListFeedMessages
{
    /// <summary>Asks for a page of those that have all that is asked for.</summary>
    internal sealed record Query : IRequest<Page<FeedMessageView>>
    {
        /// <summary><c>waiting</c>, <c>done</c> or <c>dead</c>.</summary>
        public string? State { get; init; }

        /// <summary>An outcome's name.</summary>
        public string? Outcome { get; init; }

        /// <summary><c>true</c> or <c>false</c>.</summary>
        public string? Flagged { get; init; }

        /// <summary>The document's type.</summary>
        public string? Type { get; init; }

        /// <summary>The document's code.</summary>
        public string? Code { get; init; }

        /// <summary>Where the page begins.</summary>
        public string? Cursor { get; init; }

        /// <summary>How many to show.</summary>
        public int? Limit { get; init; }
    }

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, Page<FeedMessageView>>
    {
        /// <inheritdoc />
        public async Task<Page<FeedMessageView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var read = await Narrow(db.Set<FeedMessage>().AsNoTracking(), request)
                .OrderByDescending(m => m.Id).Take(limit + 1).Select(FeedMessageFacts.Read).ToListAsync(cancellationToken);
            return Paging.Of(read, limit, m => m.Id.ToString(CultureInfo.InvariantCulture), FeedMessageView.Of);
        }

        private static IQueryable<FeedMessage> Narrow(IQueryable<FeedMessage> messages, Query request)
        {
            if (FeedMessageNames.State(request.State) is { } state)
            {
                messages = messages.Where(m => m.State == state);
            }

            if (FeedMessageNames.Outcome(request.Outcome) is { } outcome)
            {
                messages = messages.Where(m => m.Outcome == outcome);
            }

            if (Flagged(request.Flagged) is { } flagged)
            {
                messages = messages.Where(m => m.Flagged == flagged);
            }

            if (!string.IsNullOrEmpty(request.Type))
            {
                messages = messages.Where(m => m.DocumentType == request.Type);
            }

            if (!string.IsNullOrEmpty(request.Code))
            {
                messages = messages.Where(m => m.DocumentCode == request.Code);
            }

            if (Paging.After(request.Cursor) is { } after)
            {
                var before = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw FieldErrors.Single("cursor", "has to be the 'next' of the page before");
                messages = messages.Where(m => m.Id < before);
            }

            return messages;
        }

        private static bool? Flagged(string? asked) => asked switch
        {
            null or "" => null,
            "true" => true,
            "false" => false,
            _ => throw FieldErrors.Single("flagged", "has to be true or false"),
        };
    }
}
