using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;

namespace FanHub.Server.Quizzes;

/// <summary>An answer to a quiz's question. Nothing about the reply depends on whether it is right.</summary>
internal sealed class CastAnswer(Interactions interactions, CastBallot ballots, IFanProfiles profiles)
{
    private const int MaxQuestionLength = 32;

    /// <summary>Records the answer.</summary>
    /// <param name="fan">The fan's number.</param>
    /// <param name="connection">The connection that it came over.</param>
    /// <param name="request">What the client sent.</param>
    /// <param name="cancellationToken">Gives up waiting; the answer may be recorded all the same, and a resend then gets its receipt.</param>
    /// <exception cref="FanHubException">It was not recorded; the code says why.</exception>
    /// <exception cref="BallotBoxUnavailableException">Whether it was recorded is unknown: to be sent again.</exception>
    public async Task<BallotReply> HandleAsync(long fan, FanConnection connection, AnswerRequest request, CancellationToken cancellationToken)
    {
        var received = ballots.Receive(fan, request.Choices, request.Submission);
        if (request.Quiz is null || request.Question is not { Length: > 0 and <= MaxQuestionLength })
        {
            throw new FanHubException(ErrorCodes.Invalid, "quiz or question is missing, or is none.");
        }

        // A quiz that was revoked takes its questions with it: their boxes know which of them were open.
        var box = Interaction.BoxOf(request.Quiz, request.Question);
        var interaction = await interactions.FindAsync(request.Quiz, cancellationToken) ?? throw await ballots.NotShownAsync(box, cancellationToken);
        if (interaction.Question is not { } current)
        {
            throw new FanHubException(ErrorCodes.Invalid, "This is no quiz: it takes votes, not answers.");
        }

        var asked = string.Equals(current.Question, request.Question, StringComparison.Ordinal) ? interaction : interactions.FindEarlier(interaction, request.Question);
        // Questions that have not opened are not told apart from ones that there are not.
        return asked is not null
            ? await ballots.CastAsync(received, asked, connection.DelayMs(asked.Channel), i => MayTakeLongerAsync(fan, i, cancellationToken), cancellationToken)
            : throw await ballots.NotShownAsync(box, cancellationToken);
    }

    /// <summary>Whether the fan asked for more time before the question opened: who has seen it cannot gain any.</summary>
    private async Task<bool> MayTakeLongerAsync(long fan, Interaction interaction, CancellationToken cancellationToken) =>
        await profiles.FindMoreTimeAsync(interaction.Question!.Quiz, fan, cancellationToken) < interaction.OpensAt;
}
