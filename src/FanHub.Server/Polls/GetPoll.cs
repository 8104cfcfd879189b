using FanHub.Server.Ballots;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Polls;

/// <summary>Shows a poll; an open one with its running count, if the ballot box answers.</summary>
internal static partial class GetPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed partial class Handler(FanHubDb db, IBallotBox box, ILogger<Handler> logger) : IRequestHandler<Query, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Query request, CancellationToken cancellationToken)
        {
            var poll = await db.Polls.AsNoTracking().SingleOrDefaultAsync(p => p.Id == request.Id, cancellationToken) ?? throw FindPolls.NoSuchPoll();
            if (poll.State != PollState.Open)
            {
                return PollView.Of(poll);
            }

            try
            {
                return PollView.Of(poll, await box.TallyAsync(poll.Id, poll.Options.Count, cancellationToken));
            }
            catch (BallotBoxUnavailableException failure)
            {
                LogNoTally(failure, poll.Id);
                return PollView.Of(poll);
            }
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "Poll {Poll} is shown without its running count")]
        private partial void LogNoTally(Exception failure, string poll);
    }
}
