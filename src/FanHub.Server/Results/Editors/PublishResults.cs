using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Feed;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Editors;

/// <summary>
/// Publishes results that an editor states, or takes them away. They are stored like messages of a feed and dealt with by whoever derives results, so that everything about results
/// happens in one order, and can be replayed.
/// </summary>
internal static class PublishResults
{
    private static readonly TimeSpan DealtWithin = TimeSpan.FromSeconds(5);

    /// <summary>Asks for it.</summary>
    /// <param name="Messages">What to publish, in this order.</param>
    /// <param name="IsBatch">Whether they came as a batch, where each has a place of its own in the body.</param>
    internal sealed record Command(IReadOnlyList<EditorsMessage> Messages, bool IsBatch = false) : IRequest<Published>;

    /// <summary>What came of it.</summary>
    /// <param name="Results">The results as this made them, in its order.</param>
    /// <param name="Created">Whether the first of them was not shown before.</param>
    internal sealed record Published(IReadOnlyList<ResultView> Results, bool Created);

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, FeedInbox inbox, FeedOutcomes outcomes, IOptions<FeedOptions> options, TimeProvider time) : IRequestHandler<Command, Published>
    {
        /// <inheritdoc />
        public async Task<Published> Handle(Command request, CancellationToken cancellationToken)
        {
            await RequiredLanguages.CheckAsync(db, request, cancellationToken);
            var keys = request.Messages.Select(m => DeskKeys.Result(m.Unit)).ToList();
            var stored = await inbox.StoreAsync([.. request.Messages.Select(Row)], cancellationToken);
            // From here on it takes effect, whether or not anybody waits for it.
            var dealt = await outcomes.WaitAsync(stored, DealtWithin, cancellationToken) ?? throw new FanHubException(
                ErrorCodes.Unavailable, "It is stored and will be published, but not yet: read it again before you repeat it.", TimeSpan.FromSeconds(1));
            foreach (var message in dealt)
            {
                ThrowIfRefused(message);
            }

            var items = await ReadAsync(keys, cancellationToken);
            return new Published([.. request.Messages.Zip(dealt, (m, d) => View(m.Unit, d, items))], dealt[0].MadeItem);
        }

        /// <summary>What the message made. Where somebody has replaced that meanwhile, its version, and not what somebody else wrote.</summary>
        private ResultView View(string unit, DealtMessage dealt, Dictionary<string, BoardItem> items) =>
            items.GetValueOrDefault(DeskKeys.Result(unit)) is { Data: not null } item && item.Version == dealt.ItemVersion
                ? ResultView.Of(item, options.Value.Locale)
                : new ResultView { Unit = unit, Version = dealt.ItemVersion ?? 0, Replaced = true };

        private async Task<Dictionary<string, BoardItem>> ReadAsync(List<string> keys, CancellationToken cancellationToken)
        {
            try
            {
                return await db.BoardItems.AsNoTracking().Where(i => keys.Contains(i.Key)).ToDictionaryAsync(i => i.Key, StringComparer.Ordinal, cancellationToken);
            }
            catch (Exception failure) when (DatabaseFailures.IsAway(failure))
            {
                // Not to be repeated by anybody who takes it for something that has not happened.
                throw new FanHubException(ErrorCodes.Unavailable, "It is published, but cannot be read just now: read it again before you repeat it.", TimeSpan.FromSeconds(1));
            }
        }

        private static void ThrowIfRefused(DealtMessage message)
        {
            if (message.Outcome == FeedOutcome.PreconditionFailed)
            {
                throw new FanHubException(ErrorCodes.PreconditionFailed, message.Reason ?? "It has changed.");
            }

            if (message.Outcome == FeedOutcome.Ignored)
            {
                throw new FanHubException(ErrorCodes.NotFound, message.Reason ?? "There is nothing to take away.");
            }

            if (message.State == FeedMessageState.Dead)
            {
                throw new FanHubException(ErrorCodes.Internal, message.Reason ?? "It could not be published.");
            }
        }

        private FeedMessage Row(EditorsMessage message)
        {
            var content = message.Write();
            return new FeedMessage
            {
                Feed = FeedNames.Editors,
                ReceivedAt = time.NowMs(),
                Content = PackedContent.Pack(content),
                Size = content.Length,
                DocumentKey = EditorsResult.DocumentKey(message.Unit),
                DocumentType = "RESULT",
                DocumentCode = message.Unit,
                Version = 0,
                Source = FeedNames.Editors,
                State = FeedMessageState.Waiting,
            };
        }
    }
}
