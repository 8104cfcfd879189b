using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Replaces what a draft or scheduled poll says.</summary>
internal static class EditPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, PollBody Body, IfMatch IfMatch) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuestionSteps steps, TimeProvider time) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var poll = await db.Polls.FindQuestionAsync(request.Id, request.IfMatch, cancellationToken);
            var channel = await db.ChannelAsync(poll.Channel, cancellationToken);
            poll.Edit(QuestionRules.Check(request.Body, channel, now), now);
            await steps.KeepEditedAsync(poll, channel, cancellationToken);
            return new PollView(poll);
        }
    }
}
