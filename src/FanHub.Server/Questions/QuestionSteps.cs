using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;

namespace FanHub.Server.Questions;

/// <summary>The steps that polls and predictions take alike. Each saves the question and its effects in one transaction.</summary>
internal sealed class QuestionSteps(FanHubDb db, IChannelLog log, Certification certification, DueClockSignal clock, TimeProvider time)
{
    /// <summary>Keeps a new draft.</summary>
    public async Task KeepDraftAsync(Question draft, CancellationToken cancellationToken)
    {
        QuestionRules.CheckSize(draft);
        db.Add(draft);
        // The box knows drafts, so that a fan who guesses one is told that it is not open, and nothing else.
        db.Outbox.Add(OutboxRow.Register(draft.Channel, draft.Id, draft.CreatedAt));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Keeps an edited draft or scheduled question.</summary>
    public async Task KeepEditedAsync(Question edited, Channels.Channel channel, CancellationToken cancellationToken)
    {
        QuestionRules.CheckSize(edited);
        if (edited.State == QuestionState.Scheduled)
        {
            QuestionRules.CheckLanguages(edited, channel);
        }

        db.AfterCommit(clock.Wake);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Opens it, or schedules a draft whose time is to come.</summary>
    /// <param name="question">A draft, or a scheduled one.</param>
    /// <param name="byClock">The planned moment has come: that is when it opens, however late the clock is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task OpenAsync(Question question, bool byClock, CancellationToken cancellationToken)
    {
        var now = time.NowMs();
        var channel = await db.ChannelAsync(question.Channel, cancellationToken);
        if (question.State == QuestionState.Draft && question.OpensAt > now)
        {
            question.Schedule(now);
            QuestionRules.CheckLanguages(question, channel);
        }
        else
        {
            question.Open(byClock ? question.OpensAt ?? now : now, now);
            QuestionRules.CheckLanguages(question, channel);
            await log.HeadsAsync([question.Channel], cancellationToken);
            db.Outbox.Add(OutboxRow.Register(question.Channel, question.Id, now));
            db.Outbox.Add(OutboxRow.Publish(question.Channel, QuestionItems.State(question, channel.DefaultLocale), now));
        }

        db.AfterCommit(clock.Wake);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// Closes it: seals the box, recounts it, saves the result, and publishes it, in this order, so that the count that is published is the count that is there. Sealing is
    /// for ever: where this breaks off after it, the clock finds an open question with a sealed box and closes it.
    /// </summary>
    public async Task CloseAsync(Question question, CancellationToken cancellationToken)
    {
        var now = time.NowMs();
        question.RequireOpen();
        var channel = await db.ChannelAsync(question.Channel, cancellationToken);
        await log.HeadsAsync([question.Channel], cancellationToken);
        var closedAt = question.ClosesAt < now ? question.ClosesAt.Value : now;
        // From here on there is no way back, so a caller who has gone away does not stop it.
        question.Close(await certification.CertifyAsync(question.Round, closedAt, now, CancellationToken.None), now);
        Publish(question, channel, now);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>Calls it off. Where fans have seen it, its box is sealed, they see that it is cancelled, and its count goes away.</summary>
    public async Task CancelAsync(Question question, CancellationToken cancellationToken)
    {
        question.RequireCancellable();
        if (question.PublishedAt is null)
        {
            question.Cancel(time.NowMs());
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        await WithdrawAsync(question, question.Cancel, cancellationToken);
    }

    /// <summary>Takes what fans have seen away from all of them at once, and its count; its box is sealed.</summary>
    public async Task RevokeAsync(Question question, CancellationToken cancellationToken)
    {
        question.RequireRevocable();
        await WithdrawAsync(question, question.Revoke, cancellationToken);
    }

    /// <summary>Shows how it ended: takes the step, and publishes the item, and the count where only some could see it until now.</summary>
    /// <param name="question">One whose count is certified.</param>
    /// <param name="step">Throws where it cannot be taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task EndAsync(Question question, Action<DateTimeOffset> step, CancellationToken cancellationToken)
    {
        var now = time.NowMs();
        var first = question.State == QuestionState.Closed;
        step(now);
        var channel = await db.ChannelAsync(question.Channel, cancellationToken);
        await log.HeadsAsync([question.Channel], cancellationToken);
        db.Outbox.Add(OutboxRow.Publish(question.Channel, QuestionItems.State(question, channel.DefaultLocale), now));
        if (first && question.Visibility == Contracts.TallyVisibility.AfterVote && QuestionItems.FinalTally(question) is { } final)
        {
            db.Outbox.Add(OutboxRow.Publish(question.Channel, final, now));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private void Publish(Question question, Channels.Channel channel, DateTimeOffset now)
    {
        db.Outbox.Add(OutboxRow.Publish(question.Channel, QuestionItems.State(question, channel.DefaultLocale), now));
        if (QuestionItems.FinalTally(question) is { } final)
        {
            db.Outbox.Add(OutboxRow.Publish(question.Channel, final, now));
        }
    }

    private async Task WithdrawAsync(Question question, Action<DateTimeOffset> step, CancellationToken cancellationToken)
    {
        var now = time.NowMs();
        var channel = await db.ChannelAsync(question.Channel, cancellationToken);
        await log.HeadsAsync([question.Channel], cancellationToken);
        step(now);
        db.Outbox.Add(OutboxRow.Publish(question.Channel, QuestionItems.State(question, channel.DefaultLocale), now));
        // Saved before the box is sealed, the other way round than closing: no count comes of it, and a crash in between must not turn it into a closing.
        db.Outbox.Add(OutboxRow.Withdraw(question.Channel, QuestionItems.Withdrawal(question), now));
        await db.SaveChangesAsync(cancellationToken);
    }
}
