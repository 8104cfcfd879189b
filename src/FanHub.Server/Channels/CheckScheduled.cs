using FanHub.Contracts;
using FanHub.Server.Announcements;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Quizzes;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Channels;

/// <summary>Refuses to require a language of a channel that something scheduled there lacks: at its moment it could not be published, and nobody would be there to be told.</summary>
internal static class CheckScheduled
{
    /// <summary>Checks all that is scheduled in the channel.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>, naming what lacks which language.</exception>
    public static async Task CheckScheduledAsync(this FanHubDb db, Channel channel, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        foreach (var poll in await db.Polls.AsNoTracking().Where(p => p.Channel == channel.Id && p.State == QuestionState.Scheduled).ToListAsync(cancellationToken))
        {
            Check(errors, $"poll {poll.Id}", () => QuestionRules.CheckLanguages(poll, channel));
        }

        foreach (var prediction in await db.Predictions.AsNoTracking().Where(p => p.Channel == channel.Id && p.State == QuestionState.Scheduled).ToListAsync(cancellationToken))
        {
            Check(errors, $"prediction {prediction.Id}", () => QuestionRules.CheckLanguages(prediction, channel));
        }

        foreach (var quiz in await db.Quizzes.AsNoTracking().Where(q => q.Channel == channel.Id && q.State == QuizState.Scheduled).ToListAsync(cancellationToken))
        {
            Check(errors, $"quiz {quiz.Id}", () => QuizRules.CheckLanguages(quiz, channel));
        }

        foreach (var announcement in await db.Announcements.AsNoTracking().Where(a => a.Channel == channel.Id && a.State == AnnouncementState.Scheduled).ToListAsync(cancellationToken))
        {
            Check(errors, $"announcement {announcement.Id}", () => AnnouncementRules.CheckLanguages(announcement, channel));
        }

        errors.ThrowIfAny();
    }

    private static void Check(FieldErrors errors, string what, Action check)
    {
        try
        {
            check();
        }
        catch (FanHubException lacking) when (string.Equals(lacking.Code, ErrorCodes.Invalid, StringComparison.Ordinal))
        {
            errors.Add("requiredLocales", $"cannot be asked for while the {what} is scheduled: {lacking.Message.TrimEnd('.')}");
        }
    }
}
