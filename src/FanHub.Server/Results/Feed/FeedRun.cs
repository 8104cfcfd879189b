using FanHub.Server.Hosting;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Desk;

namespace FanHub.Server.Results.Feed;

/// <summary>
/// Deals with messages in the order of their arrival: reads some, has the desk apply them, composes what changed, saves the round in one transaction, and hands it to the publisher.
/// Where a round cannot be saved, all that is in memory is thrown away with the run.
/// </summary>
internal sealed partial class FeedRun(FeedStore store, Derivation derivation, BoardPublisher publisher, FeedReading reading, TimeProvider time, ILogger logger)
{
    // What is read at the same time is shown at the same time: where messages come faster than they can be dealt with, longer rounds show fewer versions of each unit, save less
    // often, and so catch up. Where they do not, rounds are as short as what came meanwhile.
    private const int MessagesAtOnce = 256;

    // All of a round are held uncompressed.
    private const long BytesAtOnce = 32 * 1024 * 1024;

    /// <summary>How long nothing is written to the database at most: with every write the lease is renewed.</summary>
    public static readonly TimeSpan Renew = TimeSpan.FromSeconds(1);

    private const int ItemsAtOnce = 50;

    private readonly DealWithMessage _deal = new(store, derivation, time, logger);
    private DateTimeOffset _renewed = time.GetUtcNow();
    private Task<IReadOnlyList<ReadMessage>>? _ahead;

    /// <summary>When the next item is due that was held back.</summary>
    public DateTimeOffset? NextDue => derivation.NextDue;

    private ResultDesk Desk => derivation.Desk;

    private bool IsToBeRenewed => time.GetUtcNow() - _renewed >= Renew;

    /// <summary>Brings desk and board to where they were, and shows what should be shown and is not.</summary>
    public async Task<FeedStep> StartAsync(CancellationToken cancellationToken)
    {
        foreach (var item in await store.LoadBoardAsync(cancellationToken))
        {
            derivation.Board.Restore(item);
        }

        await foreach (var some in store.LoadDocumentsAsync(cancellationToken))
        {
            var read = await reading.ReadAllAsync([.. some.Select(s => s.Message).OfType<FeedMessage>()], cancellationToken);
            var byMessage = read.ToDictionary(r => r.Message.Id);
            foreach (var (document, message) in some)
            {
                Restore(document, message is null ? null : byMessage[message.Id]);
            }

            await KeepAsync(cancellationToken);
        }

        foreach (var some in derivation.Keys.Chunk(ItemsAtOnce))
        {
            foreach (var key in some)
            {
                derivation.Show(key, time.NowMs());
            }

            await KeepAsync(cancellationToken);
        }

        _deal.LogNotShown();
        var step = new FeedStep();
        step.Take(derivation);

        // What the board has, and channels may not have: this run begins by publishing it.
        var composed = step.Updates.Select(u => u.Key).ToHashSet(StringComparer.Ordinal);
        await SaveAsync(step, [], cancellationToken);
        publisher.Publish([.. derivation.Board.Items.Where(i => i.PublishedVersion < i.Version && !composed.Contains(i.Key)).Select(BoardUpdate.Of)]);
        return step;
    }

    /// <summary>Deals with what is there now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="FeedLeaseLostException">Another node derives results now.</exception>
    public async Task<FeedStep> StepAsync(CancellationToken cancellationToken)
    {
        var renew = IsToBeRenewed;
        var step = new FeedStep();
        var messages = await TakeAsync(cancellationToken);
        foreach (var read in messages)
        {
            if (!await _deal.TryAsync(read, step, cancellationToken))
            {
                // Nothing of the round is saved but that: the others are dealt with once more, by a desk that is sound.
                step = new FeedStep { IsSuspect = true };
                step.Messages.Add(read.Message);
                await SaveAsync(step, [], cancellationToken);
                return step;
            }
        }

        derivation.ShowDue(time.NowMs());
        _deal.LogNotShown();
        step.Take(derivation);
        if (messages.Count > 0)
        {
            // Reading and saving wait for different things: the next round is read while this one is saved.
            _ahead = ReadAsync([.. messages.Select(m => m.Message.Id)], cancellationToken);
        }

        if (!step.IsEmpty || renew)
        {
            await SaveAsync(step, renew ? publisher.TakePublished() : [], cancellationToken);
        }

        return step;
    }

    private async Task<IReadOnlyList<ReadMessage>> TakeAsync(CancellationToken cancellationToken)
    {
        var ahead = _ahead;
        _ahead = null;
        // What was read ahead and found nothing is no news by now.
        return ahead is not null && await ahead is { Count: > 0 } read ? read : await ReadAsync([], cancellationToken);
    }

    private async Task<IReadOnlyList<ReadMessage>> ReadAsync(IReadOnlyList<long> but, CancellationToken cancellationToken) =>
        await Task.Run(async () => await reading.ReadAllAsync(await store.NextAsync(MessagesAtOnce, BytesAtOnce, but, cancellationToken), cancellationToken), cancellationToken);

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        // A lot is read at start, which may take longer than a lease lasts.
        if (IsToBeRenewed)
        {
            await store.RenewAsync(cancellationToken);
            _renewed = time.GetUtcNow();
        }
    }

    private async Task SaveAsync(FeedStep step, IReadOnlyList<KeyValuePair<string, long>> published, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await store.SaveAsync(step, published, derivation.Board, Desk.ChannelTitle, cancellationToken);
        _renewed = now;
        publisher.Publish(step.Updates);
    }

    private void Restore(HeldDocument document, ReadMessage? read)
    {
        if (read?.Failure is { } failure)
        {
            LogHeldUnreadable(failure, document.Key, read.Message.Id);
        }

        try
        {
            if (document.Key.StartsWith(EditorsResult.KeyStart, StringComparison.Ordinal))
            {
                Desk.Restore(document, read?.Editors?.Result);
            }
            else
            {
                Desk.Restore(document, read?.Odf);
            }
        }
        catch (Exception bug)
        {
            // Without it rather than without all others.
            LogHeldUnreadable(bug, document.Key, document.Message ?? 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Document {Document} is held by message {Message}, which cannot be read any more: it is not shown")]
    private partial void LogHeldUnreadable(Exception failure, string document, long message);
}
