using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Calls a poll off.</summary>
internal static class CancelPoll
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
            await steps.CancelAsync(poll, cancellationToken);
            return new PollView(poll);
        }
    }
}
