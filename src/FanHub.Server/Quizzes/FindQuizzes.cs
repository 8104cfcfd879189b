using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Quizzes;

/// <summary>How commands come by a quiz.</summary>
internal static class FindQuizzes
{
    /// <summary>The quiz to change, if it is at the version that the change is meant for.</summary>
    /// <exception cref="FanHubException"><c>not_found</c> or <c>precondition_failed</c>.</exception>
    public static async Task<Quiz> FindQuizAsync(this FanHubDb db, string id, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var quiz = await db.Quizzes.SingleOrDefaultAsync(q => q.Id == id, cancellationToken) ?? throw NoSuchQuiz();
        ifMatch.Check(quiz.Version);
        return quiz;
    }

    /// <summary>There is none.</summary>
    public static FanHubException NoSuchQuiz() => new(ErrorCodes.NotFound, "There is no such quiz.");
}
