using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Quizzes;

/// <summary>What channels are to hold of quizzes, and the state that their boxes are to be in.</summary>
internal sealed class QuizLiveItems(IBallotBox box, LeaderboardItems boards, TimeProvider time) : ILiveContent
{
    /// <inheritdoc />
    public async Task AddAsync(FanHubDb db, LiveContent content, CancellationToken cancellationToken)
    {
        var channels = content.ChannelIds;
        foreach (var quiz in await db.Quizzes.AsNoTracking().Where(q => channels.Contains(q.Channel)).OrderBy(q => q.Id).ToListAsync(cancellationToken))
        {
            await RegisterAsync(quiz.Id, quiz.Channel, cancellationToken);
            if (quiz.PublishedAt is not null)
            {
                await AddAsync(quiz, content, cancellationToken);
            }
        }
    }

    private async Task AddAsync(Quiz quiz, LiveContent content, CancellationToken cancellationToken)
    {
        foreach (var question in quiz.Questions.Take(quiz.Asked))
        {
            var round = quiz.RoundOf(question);
            var known = await RegisterAsync(round.Id, quiz.Channel, cancellationToken);
            var open = quiz.State == QuizState.Running && question.State == QuizQuestionState.Open;
            if (!open && known is not { Sealed: true })
            {
                await box.SealAsync(round.Id, quiz.Channel, round.Options, cancellationToken);
            }
        }

        content.Add(quiz.Channel, QuizItems.State(quiz, content.DefaultLocale(quiz.Channel)));
        if (quiz.State == QuizState.Revoked)
        {
            content.Add(quiz.Channel, LeaderboardItems.Removed(quiz.Id, time.NowMs()));
        }
        else if (quiz.Questions.Any(q => q.State == QuizQuestionState.Revealed))
        {
            content.Add(quiz.Channel, await boards.MakeAsync(quiz.Id, cancellationToken));
        }
    }

    private async Task<BoxInfo?> RegisterAsync(string id, string channel, CancellationToken cancellationToken)
    {
        var known = await box.FindAsync(id, cancellationToken);
        if (known is null)
        {
            await box.RegisterAsync(id, channel, cancellationToken);
        }

        return known;
    }
}
