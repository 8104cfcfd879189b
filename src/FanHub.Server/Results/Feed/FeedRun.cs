using System.Text.Json;
using FanHub.Contracts;
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
internal sealed partial class FeedRun(FeedStore store, ResultDesk desk, BoardPublisher publisher, FeedReading reading, Conflation conflation, TimeProvider time, ILogger logger)
{
    private const int MessagesAtOnce = 64;

    private readonly ResultBoard _board = new();

    /// <summary>When the next item is due that was held back.</summary>
    public DateTimeOffset? NextDue => conflation.Next;

    /// <summary>Brings desk and board to where they were, and shows what should be shown and is not.</summary>
    public async Task<FeedStep> StartAsync(CancellationToken cancellationToken)
    {
        foreach (var item in await store.LoadBoardAsync(cancellationToken))
        {
            _board.Restore(item);
        }

        await foreach (var some in store.LoadDocumentsAsync(cancellationToken))
        {
            var read = await reading.ReadAllAsync([.. some.Select(s => s.Message).OfType<FeedMessage>()], cancellationToken);
            var byMessage = read.ToDictionary(r => r.Message.Id);
            foreach (var (document, message) in some)
            {
                Restore(document, message is null ? null : byMessage[message.Id]);
            }
        }

        var step = new FeedStep();
        var now = time.NowMs();
        foreach (var key in desk.Keys.Union(_board.Items.Select(i => i.Key), StringComparer.Ordinal).ToList())
        {
            Show(key, step, now);
        }

        // What the board has, and channels may not have: this run begins by publishing it.
        var composed = step.Updates.Select(u => u.Key).ToHashSet(StringComparer.Ordinal);
        publisher.Publish([.. _board.Items.Where(i => i.PublishedVersion < i.Version && !composed.Contains(i.Key)).Select(BoardUpdate.Of)]);
        await SaveAsync(step, [], cancellationToken);
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
        var messages = await store.NextAsync(MessagesAtOnce, cancellationToken);
        foreach (var read in await reading.ReadAllAsync(messages, cancellationToken))
        {
            await ApplyAsync(read, step, cancellationToken);
        }

        var now = time.NowMs();
        foreach (var key in conflation.Due(now))
        {
            Show(key, step, now);
        }

        if (!step.IsEmpty || renew)
        {
            conflation.Sweep(now);
            await SaveAsync(step, renew || step.Updates.Count > 0 ? publisher.TakePublished() : [], cancellationToken);
        }

        return step;
    }

    private async Task SaveAsync(FeedStep step, IReadOnlyList<KeyValuePair<string, long>> published, CancellationToken cancellationToken)
    {
        await store.SaveAsync(step, published, _board, desk.ChannelTitle, cancellationToken);
        publisher.Publish(step.Updates);
    }

    private void Restore(HeldDocument document, ReadMessage? read)
    {
        if (read?.Failure is { } failure)
        {
            LogHeldUnreadable(failure, document.Key, read.Message.Id);
        }

        if (document.Key.StartsWith(EditorsResult.KeyStart, StringComparison.Ordinal))
        {
            desk.Restore(document, read?.Editors?.Result);
        }
        else
        {
            desk.Restore(document, read?.Odf);
        }
    }

    private async Task ApplyAsync(ReadMessage read, FeedStep step, CancellationToken cancellationToken)
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
            return;
        }

        if (read.Odf is { IsRead: false })
        {
            (message.State, message.Outcome, message.Reason) = (FeedMessageState.Done, FeedOutcome.Ignored, $"{message.DocumentType} is not read.");
            return;
        }

        try
        {
            if (read.Editors is { IfMatch: not null } conditional && !IsMeant(conditional, step, now))
            {
                (message.State, message.Outcome, message.Reason) = (FeedMessageState.Done, FeedOutcome.PreconditionFailed, "It has changed since the version in If-Match.");
                return;
            }

            if (read.Editors is { Result: null } withdrawal && !desk.HasEditorsResult(withdrawal.Unit))
            {
                (message.State, message.Outcome, message.Reason) = (FeedMessageState.Done, FeedOutcome.Ignored, "No editor has said anything of this unit.");
                return;
            }

            var applied = read.Editors is { } editors ? Apply(message.Id, editors) : desk.Apply(message.Id, read.Odf!);
            (message.State, message.Outcome, message.Reason, message.Flagged) = (FeedMessageState.Done, applied.Outcome, applied.Reason, applied.Flagged);
            if (applied.Document is { } document)
            {
                step.Documents[document.Key] = document;
            }

            foreach (var key in applied.Touched)
            {
                conflation.Touch(key, now);
                if (applied.Urgent)
                {
                    Show(key, step, now);
                }
            }

            await CompareAsync(read, applied, step, cancellationToken);
        }
        catch (Exception bug) when (bug is not (OperationCanceledException or FeedLeaseLostException))
        {
            // One message must not stop all others. What it did to the desk by then is not known: the run starts anew.
            LogBroken(bug, message.Id, message.DocumentKey);
            step.IsSuspect = true;
            Bury(message, $"It could not be applied: {bug.Message}");
        }
    }

    /// <summary>Notes what an editor should look at.</summary>
    private async Task CompareAsync(ReadMessage read, Applied applied, FeedStep step, CancellationToken cancellationToken)
    {
        var message = read.Message;
        if (applied is { Outcome: FeedOutcome.Duplicate, Flagged: false } && read.Odf is { Invalidates: false }
            && await HeldInsteadAsync(message, step, cancellationToken) is { } first
            && !PackedContent.Unpack(first).AsSpan().SequenceEqual(PackedContent.Unpack(message)))
        {
            (message.Flagged, message.Reason) = (true, $"Message {first.Id} is the same version of the same document and says something else; that one stays.");
        }

        if (read.Odf?.Content is OdfMedalTable && desk.MedalDifferences is { Count: > 0 } differences)
        {
            (message.Flagged, message.Reason) = (true, $"The source's medal table differs from the medals that it has sent: {string.Join("; ", differences)}");
            LogMedalsDiffer(string.Join("; ", differences));
        }
    }

    private async Task<FeedMessage?> HeldInsteadAsync(FeedMessage message, FeedStep step, CancellationToken cancellationToken)
    {
        var held = step.Documents.GetValueOrDefault(message.DocumentKey) ?? await store.FindDocumentAsync(message.DocumentKey, cancellationToken);
        return held?.Message is not { } id || id == message.Id || held.Version != message.Version ? null
            : step.Messages.Find(m => m.Id == id) ?? await store.FindAsync(id, cancellationToken);
    }

    private Applied Apply(long message, EditorsMessage editors)
    {
        var version = (desk.EditorsVersion(editors.Unit) ?? 0) + 1;
        return editors.Result is { } result ? desk.Apply(message, result, version) : desk.Withdraw(message, editors.Unit, version);
    }

    private bool IsMeant(EditorsMessage message, FeedStep step, DateTimeOffset now)
    {
        var key = BoardKeys.Result(message.Unit);
        // What is held back is what the version is compared with.
        Show(key, step, now);
        var there = _board.Find(key);
        return IfMatch.From(new StringValues(message.IfMatch)).IsMetBy(there?.Data is null ? null : there.Version);
    }

    private void Show(string key, FeedStep step, DateTimeOffset now)
    {
        var before = _board.Find(key);
        var data = before?.Data;
        conflation.Shown(key, now);
        if (_board.Show(key, desk.Compose(key, data), now) is not { } update)
        {
            return;
        }

        step.Updates.Add(update);
        if (string.Equals(update.Kind, ItemKinds.Result, StringComparison.Ordinal) && StatusOf(data) is var from && StatusOf(_board.Find(key)!.Data) is var to && !string.Equals(from.Status, to.Status, StringComparison.Ordinal))
        {
            step.Turned.Add(new ResultTurned(to.Unit ?? from.Unit!, from.Status, to.Status, update.Version, update.At));
        }
    }

    private static (string? Unit, string? Status) StatusOf(string? data)
    {
        if (data is null)
        {
            return (null, null);
        }

        using var item = JsonDocument.Parse(data);
        return (item.RootElement.GetProperty("unit").GetString(), item.RootElement.GetProperty("status").GetString());
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Document {Document} is held by message {Message}, which cannot be read any more: it is not shown")]
    private partial void LogHeldUnreadable(Exception failure, string document, long message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The source's medal table differs from the medals that it has sent: {Differences}")]
    private partial void LogMedalsDiffer(string differences);
}
