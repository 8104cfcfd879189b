using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Polls;

/// <summary>Makes a draft.</summary>
internal static class CreatePoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(PollBody Body) : IRequest<PollView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, QuestionSteps steps, TimeProvider time) : IRequestHandler<Command, PollView>
    {
        /// <inheritdoc />
        public async Task<PollView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var channel = await db.FindChannelAsync(request.Body.Channel, cancellationToken);
            var content = QuestionRules.Check(request.Body, channel, now);
            var poll = Poll.Draft(channel!.Id, content, now);
            await steps.KeepDraftAsync(poll, cancellationToken);
            return new PollView(poll);
        }
    }
}
