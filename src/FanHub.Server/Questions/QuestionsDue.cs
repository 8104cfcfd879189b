using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Questions;

/// <summary>Polls, or predictions, that open and close by themselves, and those whose box was found sealed.</summary>
internal sealed partial class QuestionsDue<T>(SealedBoxes sealedBoxes, IOptions<VotingOptions> options, TimeProvider time, ILogger<QuestionsDue<T>> logger) : IDueWork
    where T : Question
{
    private static readonly string Name = typeof(T).Name.ToLowerInvariant();

    /// <inheritdoc />
    public async Task<IReadOnlyList<Due>> FindAsync(FanHubDb db, CancellationToken cancellationToken)
    {
        var all = await db.Set<T>().AsNoTracking().Where(q => q.State == QuestionState.Scheduled || q.State == QuestionState.Open)
            .Select(q => new { q.Id, q.State, q.OpensAt, q.ClosesAt, q.LateWindowMs }).ToListAsync(cancellationToken);
        var healed = await sealedBoxes.HealAtAsync([.. all.Where(q => q.State == QuestionState.Open).Select(q => q.Id)], cancellationToken);
        var due = new List<Due>(all.Count);
        foreach (var question in all)
        {
            if (question.State == QuestionState.Scheduled)
            {
                due.Add(new Due($"{Name}:{question.Id}:open", question.OpensAt ?? DateTimeOffset.MinValue, (services, token) => OpenAsync(services, question.Id, token)));
                continue;
            }

            var sealsAt = Question.SealsAt(question.ClosesAt, question.LateWindowMs, options.Value.Grace);
            if (healed.TryGetValue(question.Id, out var healAt) && !(sealsAt < healAt))
            {
                due.Add(new Due($"{Name}:{question.Id}:heal", healAt, (services, token) => HealAsync(services, question.Id, token)));
            }
            else if (sealsAt is { } at)
            {
                due.Add(new Due($"{Name}:{question.Id}:close", at, (services, token) => CloseAsync(services, question.Id, token)));
            }
        }

        return due;
    }

    private async Task OpenAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        var question = await services.GetRequiredService<FanHubDb>().Set<T>().FindQuestionAsync(id, IfMatch.None, cancellationToken);
        // It may have been put off since.
        if (question.State == QuestionState.Scheduled && question.OpensAt <= time.GetUtcNow())
        {
            await services.GetRequiredService<QuestionSteps>().OpenAsync(question, byClock: true, cancellationToken);
        }
    }

    private async Task CloseAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        var question = await services.GetRequiredService<FanHubDb>().Set<T>().FindQuestionAsync(id, IfMatch.None, cancellationToken);
        if (question.State == QuestionState.Open)
        {
            await services.GetRequiredService<QuestionSteps>().CloseAsync(question, cancellationToken);
            sealedBoxes.Closed(id);
        }
    }

    private Task HealAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        LogHealing(Name, id);
        return CloseAsync(services, id, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} {Id} is open, but its box is sealed: closing it")]
    private partial void LogHealing(string kind, string id);
}
