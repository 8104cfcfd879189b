using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Quizzes;

/// <summary>Lists quizzes, the newest first.</summary>
internal static class ListQuizzes
{
    /// <summary>Asks for a page.</summary>
    internal sealed record Query(string? Channel, string? State, string? Cursor, int? Limit) : IRequest<Page<QuizView>>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, Page<QuizView>>
    {
        /// <inheritdoc />
        public async Task<Page<QuizView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var limit = Paging.Limit(request.Limit);
            var quizzes = db.Quizzes.AsNoTracking();
            if (!string.IsNullOrEmpty(request.Channel))
            {
                quizzes = quizzes.Where(q => q.Channel == request.Channel);
            }

            if (!string.IsNullOrEmpty(request.State))
            {
                var state = QuizStates.Find(request.State) ?? throw FieldErrors.Single("state", $"has to be one of {string.Join(", ", QuizStates.Names)}");
                quizzes = quizzes.Where(q => q.State == state);
            }

            if (Paging.After(request.Cursor) is { } after)
            {
                quizzes = quizzes.Where(q => string.Compare(q.Id, after) < 0);
            }

            var read = await quizzes.OrderByDescending(q => q.Id).Take(limit + 1).ToListAsync(cancellationToken);
            return Paging.Of(read, limit, q => q.Id, q => new QuizView(q));
        }
    }
}
