using FanHub.Contracts;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Questions;

/// <summary>How commands come by a poll or a prediction, and its channel.</summary>
internal static class FindQuestions
{
    /// <summary>The question to change, if it is at the version that the change is meant for.</summary>
    /// <exception cref="FanHubException"><c>not_found</c> or <c>precondition_failed</c>.</exception>
    public static async Task<T> FindQuestionAsync<T>(this DbSet<T> questions, string id, IfMatch ifMatch, CancellationToken cancellationToken)
        where T : Question
    {
        var question = await questions.SingleOrDefaultAsync(q => q.Id == id, cancellationToken) ?? throw NotFound<T>();
        ifMatch.Check(question.Version);
        return question;
    }

    /// <summary>The question to show.</summary>
    /// <exception cref="FanHubException"><c>not_found</c>.</exception>
    public static async Task<T> ReadQuestionAsync<T>(this DbSet<T> questions, string id, CancellationToken cancellationToken)
        where T : Question =>
        await questions.AsNoTracking().SingleOrDefaultAsync(q => q.Id == id, cancellationToken) ?? throw NotFound<T>();

    /// <summary>The questions of a channel or in a state, the newest first, one page and one more.</summary>
    public static Task<List<T>> PageAsync<T>(this DbSet<T> questions, string? channel, string? state, string? cursor, int limit, CancellationToken cancellationToken)
        where T : Question
    {
        var found = questions.AsNoTracking();
        if (!string.IsNullOrEmpty(channel))
        {
            found = found.Where(q => q.Channel == channel);
        }

        if (!string.IsNullOrEmpty(state))
        {
            var wanted = QuestionStates.Find(state) ?? throw FieldErrors.Single("state", $"has to be one of {string.Join(", ", Enum.GetValues<QuestionState>().Select(QuestionStates.Name))}");
            found = found.Where(q => q.State == wanted);
        }

        if (Paging.After(cursor) is { } after)
        {
            found = found.Where(q => string.Compare(q.Id, after) < 0);
        }

        return found.OrderByDescending(q => q.Id).Take(limit + 1).ToListAsync(cancellationToken);
    }

    /// <summary>A channel that is known to exist.</summary>
    public static Task<Channel> ChannelAsync(this FanHubDb db, string id, CancellationToken cancellationToken) =>
        db.Channels.AsNoTracking().SingleAsync(c => c.Id == id, cancellationToken);

    /// <summary>The channel that a body names; null where there is none.</summary>
    public static async Task<Channel?> FindChannelAsync(this FanHubDb db, string? id, CancellationToken cancellationToken) =>
        Realtime.Channels.ChannelName.IsValid(id) ? await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken) : null;

    private static FanHubException NotFound<T>() => new(ErrorCodes.NotFound, $"There is no such {typeof(T).Name.ToLowerInvariant()}.");
}
