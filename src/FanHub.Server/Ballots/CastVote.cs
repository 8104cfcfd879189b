using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Server.Hosting;

namespace FanHub.Server.Ballots;

/// <summary>A vote in a poll or a prediction.</summary>
internal sealed class CastVote(Interactions interactions, CastBallot ballots)
{
    /// <summary>Records the vote.</summary>
    /// <param name="fan">The fan's number.</param>
    /// <param name="connection">The connection that it came over, where it came over one.</param>
    /// <param name="request">What the client sent.</param>
    /// <param name="cancellationToken">Gives up waiting; the ballot may be recorded all the same, and a resend then gets its receipt.</param>
    /// <returns>The reply, and what was answered.</returns>
    /// <exception cref="FanHubException">It was not recorded; the code says why.</exception>
    /// <exception cref="BallotBoxUnavailableException">Whether it was recorded is unknown: to be sent again.</exception>
    public async Task<(BallotReply Reply, Interaction Interaction)> HandleAsync(long fan, FanConnection? connection, VoteRequest request, CancellationToken cancellationToken)
    {
        var received = ballots.Receive(fan, request.Choices, request.Submission);
        if (request.Interaction is null)
        {
            throw new FanHubException(ErrorCodes.Invalid, "interaction is missing.");
        }

        var interaction = await interactions.FindAsync(request.Interaction, cancellationToken) ?? throw await ballots.NotShownAsync(request.Interaction, cancellationToken);
        if (interaction.Question is not null)
        {
            throw new FanHubException(ErrorCodes.Invalid, "This is a quiz: it takes answers, not votes.");
        }

        return (await ballots.CastAsync(received, interaction, connection?.DelayMs(interaction.Channel) ?? 0, mayTakeLonger: null, cancellationToken), interaction);
    }
}
