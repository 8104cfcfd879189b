using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Questions;

/// <summary>What channels are to hold of polls, or of predictions, and the state that their boxes are to be in.</summary>
internal sealed class QuestionLiveItems<T>(IBallotBox box, TimeProvider time) : ILiveContent
    where T : Question
{
    /// <inheritdoc />
    public async Task AddAsync(FanHubDb db, LiveContent content, CancellationToken cancellationToken)
    {
        var channels = content.ChannelIds;
        foreach (var question in await db.Set<T>().AsNoTracking().Where(q => channels.Contains(q.Channel)).OrderBy(q => q.Id).ToListAsync(cancellationToken))
        {
            await AddAsync(question, content, cancellationToken);
        }
    }

    private async Task AddAsync(T question, LiveContent content, CancellationToken cancellationToken)
    {
        var known = await box.FindAsync(question.Id, cancellationToken);
        if (known is null)
        {
            await box.RegisterAsync(question.Id, question.Channel, cancellationToken);
        }

        if (question.PublishedAt is null)
        {
            return;
        }

        if (question.State != QuestionState.Open && known is not { Sealed: true })
        {
            await box.SealAsync(question.Id, question.Channel, question.Options.Count, cancellationToken);
        }

        content.Add(question.Channel, QuestionItems.State(question, content.DefaultLocale(question.Channel)));
        var tally = question.State switch
        {
            QuestionState.Open => QuestionItems.RunningTally(question, await TallyAsync(), time.NowMs()),
            QuestionState.Cancelled or QuestionState.Revoked => QuestionItems.NoTally(question, await TallyAsync(), time.NowMs()),
            _ => QuestionItems.FinalTally(question),
        };
        if (tally is not null)
        {
            content.Add(question.Channel, tally);
        }

        Task<Tally> TallyAsync() => box.TallyAsync(question.Id, question.Options.Count, cancellationToken);
    }
}
