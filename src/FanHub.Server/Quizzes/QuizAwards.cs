using FanHub.Server.Ballots;
using FanHub.Server.Leaderboards;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Quizzes;

/// <summary>The points of quizzes: of each question once it is revealed.</summary>
internal sealed class QuizAwards(IBallotBox box) : IAwardSource
{
    private volatile KnownStreaks? _known;

    /// <inheritdoc />
    public async Task<IReadOnlyList<AwardJob>> FindAsync(FanHubDb db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var quizzes = await db.Quizzes.AsNoTracking()
            .Where(q => (q.State == QuizState.Running || q.State == QuizState.Finished || q.State == QuizState.Cancelled) && q.Asked > 0 && q.UpdatedAt >= since)
            .OrderBy(q => q.Id).ToListAsync(cancellationToken);
        return [.. quizzes.SelectMany(quiz => quiz.Questions.Where(q => q.State == QuizQuestionState.Revealed).Select(question => Job(quiz, question)))];
    }

    /// <summary>The points of one of its questions.</summary>
    internal AwardJob Job(Quiz quiz, QuizQuestion question) => new(quiz.Id, quiz.RoundOf(question), Version: 1, async cancellationToken =>
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

    /// <summary>
    /// How many questions in a row, up to the one before, each fan was right in; more than count are not told apart. Read from their boxes, so that it does not matter who gave the
    /// points of those; what was found for the question before is kept, for reading takes longer than all the rest.
    /// </summary>
    private async Task<IReadOnlyDictionary<long, int>> StreaksAsync(Quiz quiz, QuizQuestion question, CancellationToken cancellationToken)
    {
        var earlier = quiz.Questions.TakeWhile(q => q != question).ToList();
        var (streaks, from) = _known is { } known && known.Quiz == quiz.Id && known.Questions == earlier.Count - 1
            ? (known.Streaks, known.Questions)
            : (new Dictionary<long, int>(), Math.Max(0, earlier.Count - QuizScore.LongestStreak));
        foreach (var before in earlier.Skip(from))
        {
            var (next, round, correct) = (new Dictionary<long, int>(streaks.Count), quiz.RoundOf(before), before.CorrectBits());
            await foreach (var ballot in box.ReadAllAsync(round.Id, round.Options, cancellationToken))
            {
                if (QuizScore.IsRight(ballot.Value.Choices, correct, before.MaxChoices))
                {
                    next[ballot.Fan] = Math.Min(streaks.GetValueOrDefault(ballot.Fan) + 1, QuizScore.LongestStreak);
                }
            }

            streaks = next;
        }

        // Boxes of revealed questions are sealed: it stays true. The last question needs no next one.
        _known = earlier.Count < quiz.Questions.Count - 1 ? new KnownStreaks(quiz.Id, earlier.Count, streaks) : null;
        return streaks;
    }

    private sealed record KnownStreaks(string Quiz, int Questions, Dictionary<long, int> Streaks);
}
