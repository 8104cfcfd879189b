using FanHub.Server.Hosting;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Odf;
using Microsoft.Extensions.Primitives;

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

    // Renewed often enough while a lot is read at start, which may take longer than a lease lasts.
    private static readonly TimeSpan Renew = TimeSpan.FromSeconds(1);
    private const int ItemsAtOnce = 50;

    private DateTimeOffset _renewed = time.GetUtcNow();
    private Task<IReadOnlyList<ReadMessage>>? _ahead;

    /// <summary>When the next item is due that was held back.</summary>
    public DateTimeOffset? NextDue => derivation.NextDue;

    private ResultDesk Desk => derivation.Desk;

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

        LogNotShown();
        var step = new FeedStep();
        step.Take(derivation);

        // What the board has, and channels may not have: this run begins by publishing it.
        var composed = step.Updates.Select(u => u.Key).ToHashSet(StringComparer.Ordinal);
        await SaveAsync(step, [], cancellationToken);
        publisher.Publish([.. derivation.Board.Items.Where(i => i.PublishedVersion < i.Version && !composed.Contains(i.Key)).Select(BoardUpdate.Of)]);
        return step;
    }

    /// <summary>Deals with what is there now.</summary>
    /// <param name="renew">Whether to write to the database even where nothing happened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="FeedLeaseLostException">Another node derives results now.</exception>
    public async Task<FeedStep> StepAsync(bool renew, CancellationToken cancellationToken)
    {
        var step = new FeedStep();
        var messages = await TakeAsync(cancellationToken);
        foreach (var read in messages)
        {
            if (!await TryApplyAsync(read, step, cancellationToken))
            {
                // Nothing of the round is saved but that: the others are dealt with once more, by a desk that is sound.
                step = new FeedStep { IsSuspect = true };
                step.Messages.Add(read.Message);
                await SaveAsync(step, [], cancellationToken);
                return step;
            }
        }

        derivation.ShowDue(time.NowMs());
        LogNotShown();
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
        if (time.GetUtcNow() - _renewed >= Renew)
        {
            await store.RenewAsync(cancellationToken);
            _renewed = time.GetUtcNow();
        }
    }

    private async Task SaveAsync(FeedStep step, IReadOnlyList<KeyValuePair<string, long>> published, CancellationToken cancellationToken)
    {
        await store.SaveAsync(step, published, derivation.Board, Desk.ChannelTitle, cancellationToken);
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

    /// <returns>False where the message broke the desk: what it did to it by then is not known, nor what would come of others.</returns>
    private async Task<bool> TryApplyAsync(ReadMessage read, FeedStep step, CancellationToken cancellationToken)
    {
        var message = read.Message;
        var now = time.NowMs();
        message.ProcessedAt = now;
        message.Flagged = false;
        message.Reason = null;
        step.Messages.Add(message);
        message.Defects = read.Odf is { Defects.Count: > 0 } ? string.Join('\n', read.Odf.Defects) : null;
        if (read.Failure is { } failure)
        {
            Bury(message, failure is OdfException ? failure.Message : $"It could not be read: {failure.Message}");
            return true;
        }

        if (read.Odf is { IsRead: false })
        {
            (message.State, message.Outcome, message.Reason) = (FeedMessageState.Done, FeedOutcome.Ignored, $"{message.DocumentType} is not read.");
            return true;
        }

        Applied applied;
        try
        {
            if (read.Editors is { } editors && Refusal(editors, now) is { } refusal)
            {
                (message.State, message.Outcome, message.Reason) = (FeedMessageState.Done, refusal.Outcome, refusal.Reason);
                return true;
            }

            applied = read.Editors is null ? Desk.Apply(message.Id, read.Odf!) : Apply(message.Id, read.Editors);
        }
        catch (Exception bug)
        {
            LogBroken(bug, message.Id, message.DocumentKey);
            Bury(message, $"It could not be applied: {bug.Message}");
            return false;
        }

        (message.State, message.Outcome, message.Reason, message.Flagged) = (FeedMessageState.Done, applied.Outcome, applied.Reason, applied.Flagged);
        if (applied.Document is { } document)
        {
            step.Documents[document.Key] = document;
        }

        derivation.Touch(applied, now);
        await CompareAsync(read, applied, step, cancellationToken);
        foreach (var key in LogNotShown())
        {
            (message.Flagged, message.Reason) = (true, $"{key} could not be composed, and stays as it was.");
        }

        return true;
    }

    /// <summary>Why an editor's message is not to be applied; null where it is.</summary>
    private (FeedOutcome Outcome, string Reason)? Refusal(EditorsMessage message, DateTimeOffset now)
    {
        if (message.IfMatch is not null && !IsMeant(message, now))
        {
            return (FeedOutcome.PreconditionFailed, "It has changed since the version in If-Match.");
        }

        return message.Result is null && !Desk.HasEditorsResult(message.Unit) ? (FeedOutcome.Ignored, "No editor has said anything of this unit.") : null;
    }

    /// <summary>Notes what an editor should look at.</summary>
    private async Task CompareAsync(ReadMessage read, Applied applied, FeedStep step, CancellationToken cancellationToken)
    {
        if (read.Odf is not { } odf)
        {
            return;
        }

        var message = read.Message;
        if (applied is { Outcome: FeedOutcome.Duplicate, Flagged: false } && !odf.Invalidates)
        {
            await CompareWithHeldAsync(message, DocumentTypes.DocumentKey(odf.Header), step, cancellationToken);
        }

        if (odf.Content is OdfMedalTable && Desk.MedalDifferences is { Count: > 0 } differences)
        {
            (message.Flagged, message.Reason) = (true, $"The source's medal table differs from the medals that it has sent: {string.Join("; ", differences)}");
            LogMedalsDiffer(string.Join("; ", differences));
        }
    }

    private async Task CompareWithHeldAsync(FeedMessage message, string document, FeedStep step, CancellationToken cancellationToken)
    {
        var held = step.Documents.GetValueOrDefault(document) ?? await store.FindDocumentAsync(document, cancellationToken);
        if (held?.Message is not { } id || held.Version != message.Version)
        {
            return;
        }

        if (id == message.Id)
        {
            // Replayed: it is the one that is held, and still is.
            message.Outcome = held.Invalidated ? FeedOutcome.Duplicate : FeedOutcome.Applied;
            return;
        }

        var first = step.Messages.Find(m => m.Id == id) ?? await store.FindAsync(id, cancellationToken);
        if (first is not null && !PackedContent.Unpack(first).AsSpan().SequenceEqual(PackedContent.Unpack(message)))
        {
            (message.Flagged, message.Reason) = (true, $"Message {first.Id} is the same version of the same document and says something else; that one stays.");
        }
    }

    private Applied Apply(long message, EditorsMessage editors)
    {
        var version = (Desk.EditorsVersion(editors.Unit) ?? 0) + 1;
        // Whoever is told that it is published finds it: what a person does is not held back.
        return (editors.Result is { } result ? Desk.Apply(message, result, version) : Desk.Withdraw(message, editors.Unit, version)) with { Urgent = true };
    }

    private bool IsMeant(EditorsMessage message, DateTimeOffset now)
    {
        var key = BoardKeys.Result(message.Unit);
        // What is held back has no version yet that anybody could have meant.
        derivation.Show(key, now);
        var there = derivation.Board.Find(key);
        return IfMatch.From(new StringValues(message.IfMatch)).IsMetBy(there?.Data is null ? null : there.Version);
    }

    /// <summary>Tells of the items that could not be composed.</summary>
    private IReadOnlyList<string> LogNotShown()
    {
        var failures = derivation.TakeFailures();
        foreach (var (key, failure) in failures)
        {
            LogNotComposed(failure, key);
        }

        return [.. failures.Select(f => f.Key)];
    }

    private void Bury(FeedMessage message, string reason)
    {
        (message.State, message.Outcome, message.Reason) = (FeedMessageState.Dead, FeedOutcome.Unreadable, reason);
        LogDead(message.Id, message.DocumentKey, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed message {Message} ({Document}) is dead: {Reason}")]
    private partial void LogDead(long message, string document, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Feed message {Message} ({Document}) broke the desk")]
    private partial void LogBroken(Exception failure, long message, string document);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Key} could not be composed, and stays as it is shown")]
    private partial void LogNotComposed(Exception failure, string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "Document {Document} is held by message {Message}, which cannot be read any more: it is not shown")]
    private partial void LogHeldUnreadable(Exception failure, string document, long message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The source's medal table differs from the medals that it has sent: {Differences}")]
    private partial void LogMedalsDiffer(string differences);
}
