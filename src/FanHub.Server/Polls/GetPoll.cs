using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Shows a poll; an open one with its running count, if the ballot box answers.</summary>
internal static class GetPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, RunningCounts counts) : IRequestHandler<Query, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Query request, CancellationToken cancellationToken)
        {
            var poll = await db.Polls.ReadQuestionAsync(request.Id, cancellationToken);
            return new PollView(poll) { Tally = poll.State == QuestionState.Open ? await counts.FindAsync(poll.Round, cancellationToken) : null };
        }
    }
}
