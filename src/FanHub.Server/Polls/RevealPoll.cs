using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Shows the result of a closed poll to everybody, unless it is never to be shown.</summary>
internal static class RevealPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, IfMatch IfMatch) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuestionSteps steps) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var poll = await db.Polls.FindQuestionAsync(request.Id, request.IfMatch, cancellationToken);
            await steps.EndAsync(poll, poll.Reveal, cancellationToken);
            return new PollView(poll);
        }
    }
}
