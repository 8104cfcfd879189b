using FanHub.Contracts;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Quizzes;

/// <summary>What quizzes do by themselves: start at their time, close a question when its time is up, and, where the pace is timed, reveal it and go on.</summary>
internal sealed class QuizzesDue(SealedBoxes sealedBoxes, IFanProfiles profiles, IOptions<VotingOptions> options, TimeProvider time) : IDueWork
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<Due>> FindAsync(FanHubDb db, CancellationToken cancellationToken)
    {
        var due = new List<Due>();
        foreach (var quiz in await db.Quizzes.AsNoTracking().Where(q => q.State == QuizState.Scheduled || q.State == QuizState.Running).ToListAsync(cancellationToken))
        {
            if (quiz.State == QuizState.Scheduled)
            {
                due.Add(Step(quiz, "start", quiz.OpensAt ?? DateTimeOffset.MinValue, (steps, fresh, token) =>
                    fresh.State == QuizState.Scheduled && fresh.OpensAt <= time.GetUtcNow() ? steps.StartAsync(fresh, byClock: true, token) : Task.CompletedTask));
            }
            else if (await NextStepAsync(quiz, cancellationToken) is { } next)
            {
                due.Add(next);
            }
        }

        return due;
    }

    private async Task<Due?> NextStepAsync(Quiz quiz, CancellationToken cancellationToken)
    {
        var (question, timed) = (quiz.Current!, quiz.Pace == QuizPace.Timed);
        switch (question.State)
        {
            case QuizQuestionState.Open:
                var closesAt = await SealsAtAsync(quiz, question, cancellationToken);
                return Step(quiz, $"{question.Id}:close", closesAt, async (steps, fresh, token) =>
                {
                    if (IsStill(fresh, question, QuizQuestionState.Open))
                    {
                        await (timed ? steps.RevealAsync(fresh, closesAt, token) : steps.CloseAsync(fresh, token));
                        sealedBoxes.Closed(fresh.RoundOf(question).Id);
                    }
                });
            case QuizQuestionState.Closed when timed:
                // Somebody closed it by hand.
                return Step(quiz, $"{question.Id}:reveal", question.ClosesAt!.Value, (steps, fresh, token) =>
                    IsStill(fresh, question, QuizQuestionState.Closed) ? steps.RevealAsync(fresh, question.ClosesAt, token) : Task.CompletedTask);
            case QuizQuestionState.Revealed when timed:
                var goesOnAt = question.RevealedAt!.Value.AddSeconds(quiz.PauseSeconds);
                return Step(quiz, $"{question.Id}:next", goesOnAt, (steps, fresh, token) =>
                    !IsStill(fresh, question, QuizQuestionState.Revealed) ? Task.CompletedTask
                    : fresh.HasNext ? steps.NextAsync(fresh, goesOnAt, token)
                    : steps.FinishAsync(fresh, goesOnAt, token));
            default:
                return null;
        }
    }

    /// <summary>When a question's box is to be sealed: after everybody's window. It is open for longer only where somebody asked for more time.</summary>
    private async Task<DateTimeOffset> SealsAtAsync(Quiz quiz, QuizQuestion question, CancellationToken cancellationToken)
    {
        var at = Question.SealsAt(question.ClosesAt, quiz.LateWindowMs, options.Value.Grace)!.Value;
        if (quiz.MoreTime && await profiles.AnyMoreTimeBeforeAsync(quiz.Id, question.OpensAt!.Value, cancellationToken))
        {
            at = at.AddSeconds(question.Seconds);
        }

        var round = quiz.RoundOf(question).Id;
        var healed = await sealedBoxes.HealAtAsync([round], cancellationToken);
        return healed.TryGetValue(round, out var healAt) && healAt < at ? healAt : at;
    }

    private static bool IsStill(Quiz quiz, QuizQuestion question, QuizQuestionState state) =>
        quiz.State == QuizState.Running && quiz.Current is { } current && string.Equals(current.Id, question.Id, StringComparison.Ordinal) && current.State == state;

    private static Due Step(Quiz quiz, string what, DateTimeOffset at, Func<QuizSteps, Quiz, CancellationToken, Task> step) => new(
        $"quiz:{quiz.Id}:{what}",
        at,
        async (services, token) => await step(services.GetRequiredService<QuizSteps>(), await services.GetRequiredService<FanHubDb>().FindQuizAsync(quiz.Id, IfMatch.None, token), token));
}
