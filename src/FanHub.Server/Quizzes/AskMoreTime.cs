using FanHub.Contracts;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;

namespace FanHub.Server.Quizzes;

/// <summary>Gives a fan who needs it double time on a quiz, from the next question on. Scores go by the time everybody has.</summary>
internal sealed class AskMoreTime(Interactions interactions, IFanProfiles profiles, TimeProvider time)
{
    /// <summary>Notes it.</summary>
    /// <exception cref="FanHubException"><c>not_found</c>, or <c>conflict</c> where the editor does not allow it.</exception>
    /// <exception cref="FanProfilesUnavailableException">It could not be noted, or it is not known that it was.</exception>
    public async Task HandleAsync(long fan, string quiz, CancellationToken cancellationToken)
    {
        var interaction = await interactions.FindAsync(quiz, cancellationToken);
        if (interaction?.Question is null)
        {
            throw new FanHubException(ErrorCodes.NotFound, "There is no such quiz.");
        }

        if (interaction.MoreTime == TimeSpan.Zero)
        {
            throw new FanHubException(ErrorCodes.Conflict, "This quiz does not give more time.");
        }

        await profiles.AskMoreTimeAsync(quiz, fan, time.NowMs(), cancellationToken);
    }
}
