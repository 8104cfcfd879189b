using FanHub.Realtime.Channels;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Questions;
using FanHub.Server.Storage;

namespace FanHub.Server.Quizzes;

/// <summary>The steps of a quiz, by hand or by its clock. Each saves the quiz and its effects in one transaction.</summary>
internal sealed class QuizSteps(FanHubDb db, IChannelLog log, Certification certification, DueClockSignal clock, AwardSignal awards, TimeProvider time)
{
    /// <summary>Starts it: opens the first question. A draft whose time is to come is scheduled instead.</summary>
    /// <param name="quiz">A draft, or a scheduled one.</param>
    /// <param name="byClock">The planned moment has come: that is when it starts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(Quiz quiz, bool byClock, CancellationToken cancellationToken)
    {
        var now = time.NowMs();
        var channel = await db.ChannelAsync(quiz.Channel, cancellationToken);
        if (quiz.State == QuizState.Draft && quiz.OpensAt > now)
        {
            quiz.Schedule(now);
            QuizRules.CheckLanguages(quiz, channel);
        }
        else
        {
            quiz.Start(byClock ? OnTime(quiz.OpensAt ?? now, now) : now, now);
            QuizRules.CheckLanguages(quiz, channel);
            await log.HeadsAsync([quiz.Channel], cancellationToken);
            db.Outbox.Add(OutboxRow.Register(quiz.Channel, quiz.Id, now));
            PublishOpened(quiz, channel, now);
        }

        await SaveAsync(cancellationToken);
    }

    /// <summary>Closes the current question: seals its box, recounts it, saves the count and publishes, in this order. Sealing is for ever: where this breaks off after it, the clock goes on.</summary>
    public async Task CloseAsync(Quiz quiz, CancellationToken cancellationToken)
    {
        quiz.RequireClosable();
        var (channel, now) = await BeginAsync(quiz, cancellationToken);
        await SealAsync(quiz, now);
        Publish(quiz, channel, now);
        await SaveAsync(CancellationToken.None);
    }

    /// <summary>Shows what was correct in the current question, which is closed first where it is open. Points are given once fans have been told.</summary>
    /// <param name="quiz">One that runs.</param>
    /// <param name="revealedAt">When, where the clock planned that; null for now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RevealAsync(Quiz quiz, DateTimeOffset? revealedAt, CancellationToken cancellationToken)
    {
        quiz.RequireRevealable();
        var (channel, now) = await BeginAsync(quiz, cancellationToken);
        await CloseAndRevealAsync(quiz, channel, OnTime(revealedAt, now), now);
        await SaveAsync(CancellationToken.None);
    }

    /// <summary>Opens the next question. The current one is closed and revealed first where that is still to be done.</summary>
    /// <param name="quiz">One that runs.</param>
    /// <param name="opensAt">When it opens, where the clock planned that; null for now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task NextAsync(Quiz quiz, DateTimeOffset? opensAt, CancellationToken cancellationToken)
    {
        quiz.RequireNext();
        var (channel, now) = await BeginAsync(quiz, cancellationToken);
        await CloseAndRevealAsync(quiz, channel, now, now);
        quiz.Next(OnTime(opensAt, now), now);
        PublishOpened(quiz, channel, now);
        await SaveAsync(CancellationToken.None);
    }

    /// <summary>Ends it. The current question is closed and revealed first where that is still to be done.</summary>
    /// <param name="quiz">One that runs.</param>
    /// <param name="finishedAt">When, where the clock planned that; null for now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task FinishAsync(Quiz quiz, DateTimeOffset? finishedAt, CancellationToken cancellationToken)
    {
        quiz.RequireRunning("finished");
        var (channel, now) = await BeginAsync(quiz, cancellationToken);
        await CloseAndRevealAsync(quiz, channel, now, now);
        quiz.Finish(OnTime(finishedAt, now));
        Publish(quiz, channel, now);
        await SaveAsync(CancellationToken.None);
    }

    /// <summary>Calls it off. What was revealed stays; an open question is sealed, and counts for nothing.</summary>
    public async Task CancelAsync(Quiz quiz, CancellationToken cancellationToken)
    {
        quiz.RequireCancellable();
        if (quiz.PublishedAt is null)
        {
            quiz.Cancel(time.NowMs());
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        await WithdrawAsync(quiz, quiz.Cancel, cancellationToken);
    }

    /// <summary>Takes it away from all fans at once, and its leaderboard.</summary>
    public async Task RevokeAsync(Quiz quiz, CancellationToken cancellationToken)
    {
        quiz.RequireRevocable();
        await WithdrawAsync(quiz, quiz.Revoke, cancellationToken);
    }

    private async Task WithdrawAsync(Quiz quiz, Action<DateTimeOffset> step, CancellationToken cancellationToken)
    {
        var (channel, now) = await BeginAsync(quiz, cancellationToken);
        step(now);
        Publish(quiz, channel, now);
        if (quiz.State == QuizState.Revoked)
        {
            db.Outbox.Add(OutboxRow.Publish(quiz.Channel, LeaderboardItems.Removed(quiz.Id, now), now));
        }

        // Saved before the box is sealed, the other way round than closing: no count comes of it, and a crash in between must not turn it into a closing.
        if (quiz.Current is { State: QuizQuestionState.Open } open)
        {
            db.Outbox.Add(OutboxRow.Withdraw(quiz.Channel, new Withdrawal(quiz.RoundOf(open).Id, open.Options.Count, Counted: false), now));
        }

        await SaveAsync(cancellationToken);
    }

    private async Task<(Channel Channel, DateTimeOffset Now)> BeginAsync(Quiz quiz, CancellationToken cancellationToken)
    {
        var channel = await db.ChannelAsync(quiz.Channel, cancellationToken);
        await log.HeadsAsync([quiz.Channel], cancellationToken);
        return (channel, time.NowMs());
    }

    private async Task CloseAndRevealAsync(Quiz quiz, Channel channel, DateTimeOffset revealedAt, DateTimeOffset now)
    {
        if (quiz.Current!.State == QuizQuestionState.Open)
        {
            await SealAsync(quiz, now);
        }

        if (quiz.Current.State == QuizQuestionState.Closed)
        {
            quiz.Reveal(now, revealedAt);
            Publish(quiz, channel, now);
        }
    }

    private async Task SealAsync(Quiz quiz, DateTimeOffset now)
    {
        var closedAt = quiz.Current!.ClosesAt < now ? quiz.Current.ClosesAt!.Value : now;
        // From here on there is no way back, so a caller who has gone away does not stop it.
        quiz.Close(await certification.CertifyAsync(quiz.RoundOf(quiz.Current), closedAt, now, CancellationToken.None), now);
    }

    // A quiz that stood still while no node was up goes on from now: a question's time is not to be over before anybody has seen it.
    private static DateTimeOffset OnTime(DateTimeOffset? planned, DateTimeOffset now) => planned <= now && now - planned < TimeSpan.FromSeconds(1) ? planned.Value : now;

    private void PublishOpened(Quiz quiz, Channel channel, DateTimeOffset now)
    {
        db.Outbox.Add(OutboxRow.Register(quiz.Channel, quiz.RoundOf(quiz.Current!).Id, now));
        Publish(quiz, channel, now);
    }

    private void Publish(Quiz quiz, Channel channel, DateTimeOffset now) => db.Outbox.Add(OutboxRow.Publish(quiz.Channel, QuizItems.State(quiz, channel.DefaultLocale), now));

    private Task SaveAsync(CancellationToken cancellationToken)
    {
        db.AfterCommit(clock.Wake);
        db.AfterCommit(awards.Wake);
        return db.SaveChangesAsync(cancellationToken);
    }
}
