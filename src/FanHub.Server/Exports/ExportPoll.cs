using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Exports;

/// <summary>Exports a poll: its certified count and every ballot.</summary>
internal static class ExportPoll
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<Export>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Query, Export>
    {
        /// <inheritdoc />
        public async Task<Export> Handle(Query request, CancellationToken cancellationToken)
        {
            var poll = await db.Polls.ReadQuestionAsync(request.Id, cancellationToken);
            return new Export
            {
                Locale = (await db.ChannelAsync(poll.Channel, cancellationToken)).DefaultLocale,
                Head = ExportedQuestion.Head(poll, time.NowMs()),
                Rounds = [ExportedQuestion.Round(poll, "Close it")],
            };
        }
    }
}

/// <summary>What exports of polls and predictions have in common.</summary>
internal static class ExportedQuestion
{
    /// <summary>The beginning.</summary>
    public static ExportHead Head(Question question, DateTimeOffset now) => new()
    {
        Kind = question.Kind,
        Id = question.Id,
        Channel = question.Channel,
        Title = question.Title,
        State = QuestionStates.Name(question.State),
        ExportedAt = now,
        Visibility = Wire.Name(question.Visibility),
        Changeable = question.Changeable,
        LateWindowMs = question.LateWindowMs,
    };

    /// <summary>The count.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="close">What an editor does to have it counted.</param>
    /// <exception cref="FanHubException"><c>conflict</c>: it is not certified.</exception>
    public static ExportedRound Round(Question question, string close) => new()
    {
        Round = question.Round,
        Options = question.Options,
        Result = question.Result ?? throw CertifiedOnly.NotYet(question.Kind, QuestionStates.Name(question.State), question.State switch
        {
            QuestionState.Draft or QuestionState.Scheduled => $"Open it and {close.ToLowerInvariant()}",
            QuestionState.Open => close,
            _ => null,
        }),
    };
}
