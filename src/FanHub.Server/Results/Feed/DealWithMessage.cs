using FanHub.Server.Hosting;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Odf;
using Microsoft.Extensions.Primitives;

namespace FanHub.Server.Results.Feed;

/// <summary>Has the desk apply one message after the other, and notes what came of each, and what an editor should look at.</summary>
internal sealed partial class DealWithMessage(FeedStore store, Derivation derivation, TimeProvider time, ILogger logger)
{
    private ResultDesk Desk => derivation.Desk;

    /// <summary>Deals with a message, and writes beside it what came of it.</summary>
    /// <returns>False where the message broke the desk: what it did to it by then is not known, nor what would come of others.</returns>
    public async Task<bool> TryAsync(ReadMessage read, FeedStep step, CancellationToken cancellationToken)
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

        var key = read.Editors is null ? null : DeskKeys.Result(read.Editors.Unit);
        var wasShown = key is not null && derivation.Board.Find(key)?.Data is not null;
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
        if (key is not null)
        {
            // Whoever sent it is told what it made, not what came of it by the time of the answer.
            (message.ItemVersion, message.MadeItem) = (derivation.Board.Find(key)?.Version, !wasShown);
        }

        await CompareAsync(read, applied, step, cancellationToken);
        foreach (var failed in LogNotShown())
        {
            (message.Flagged, message.Reason) = (true, $"{failed} could not be composed, and stays as it was.");
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
        var key = DeskKeys.Result(message.Unit);
        // What is held back has no version yet that anybody could have meant.
        derivation.Show(key, now);
        var there = derivation.Board.Find(key);
        return IfMatch.From(new StringValues(message.IfMatch)).IsMetBy(there?.Data is null ? null : there.Version);
    }

    /// <summary>Tells of the items that could not be composed.</summary>
    public IReadOnlyList<string> LogNotShown()
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The source's medal table differs from the medals that it has sent: {Differences}")]
    private partial void LogMedalsDiffer(string differences);
}
