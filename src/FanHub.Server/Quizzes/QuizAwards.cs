using FanHub.Server.Ballots;
using FanHub.Server.Leaderboards;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Quizzes;

/// <summary>The points of quizzes: of each question once it is revealed.</summary>
internal sealed class QuizAwards(IBallotBox box) : IAwardSource
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<AwardJob>> FindAsync(FanHubDb db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var quizzes = await db.Quizzes.AsNoTracking()
            .Where(q => (q.State == QuizState.Running || q.State == QuizState.Finished || q.State == QuizState.Cancelled) && q.Asked > 0 && q.UpdatedAt >= since)
            .OrderBy(q => q.Id).ToListAsync(cancellationToken);
        return [.. quizzes.SelectMany(quiz => quiz.Questions.Where(q => q.State == QuizQuestionState.Revealed).Select(question => Job(quiz, question)))];
    }

    private AwardJob Job(Quiz quiz, QuizQuestion question) => new(quiz.Id, quiz.RoundOf(question), Version: 1, async cancellationToken =>
    {
        var streaks = quiz.StreakBonus > 0 ? await StreaksAsync(quiz, question, cancellationToken) : null;
        var (correct, limitMs) = (question.CorrectBits(), question.Seconds * 1000L);
        return (ballot, version) =>
        {
            if (version < 1)
            {
                return default;
            }

            var answer = ballot.Value;
            var saved = QuizScore.SavedMs(answer, limitMs);
            return QuizScore.IsRight(answer.Choices, correct, question.MaxChoices)
                ? new Earned(
                    QuizScore.Points(quiz.Scoring, question.Points, limitMs, answer.TakenMs) + (streaks is null ? 0 : QuizScore.Streak(quiz.StreakBonus, streaks.GetValueOrDefault(ballot.Fan))), saved)
                : new Earned(0, saved);
        };
    });

    /// <summary>How many questions in a row, up to the one before, each fan was right in. Read from their boxes, so that it does not matter who gave the points of those.</summary>
    private async Task<Dictionary<long, int>> StreaksAsync(Quiz quiz, QuizQuestion question, CancellationToken cancellationToken)
    {
        var streaks = new Dictionary<long, int>();
        foreach (var earlier in quiz.Questions.TakeWhile(q => q != question))
        {
            var next = new Dictionary<long, int>(streaks.Count);
            var round = quiz.RoundOf(earlier);
            await foreach (var ballot in box.ReadAllAsync(round.Id, round.Options, cancellationToken))
            {
                if (QuizScore.IsRight(ballot.Value.Choices, earlier.CorrectBits(), earlier.MaxChoices))
                {
                    next[ballot.Fan] = streaks.GetValueOrDefault(ballot.Fan) + 1;
                }
            }

            streaks = next;
        }

        return streaks;
    }
}
