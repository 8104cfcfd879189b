using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Ballots;

/// <summary>What a fan has answered.</summary>
internal sealed class OwnBallots(Interactions interactions, IBallotBox box, Receipts receipts)
{
    /// <summary>The fan's own ballots among those asked for; of a quiz, in the question that it has come to.</summary>
    public async Task<IReadOnlyList<OwnBallot>> FindAsync(long fan, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var own = new List<OwnBallot>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            Interaction? interaction;
            try
            {
                interaction = await interactions.FindAsync(id, cancellationToken);
            }
            catch (FanHubException e) when (string.Equals(e.Code, ErrorCodes.NotFound, StringComparison.Ordinal))
            {
                continue;
            }

            if (interaction is { Options.Count: > 0 } && await box.FindBallotAsync(interaction.Id, interaction.Rules.Options, fan, cancellationToken) is { } ballot)
            {
                own.Add(new OwnBallot(id, interaction.Names(ballot.Choices), receipts.For(interaction.Id, fan, ballot), CastBallot.At(interaction, ballot)) { Question = interaction.Question?.Question });
            }
        }

        return own;
    }

    /// <summary>The gates of a channel that the fan has passed by voting.</summary>
    public async Task<IReadOnlyList<string>> GatesPassedAsync(long fan, string channel, CancellationToken cancellationToken)
    {
        List<string>? passed = null;
        foreach (var interaction in interactions.WithGates(channel))
        {
            if (await box.FindBallotAsync(interaction.Id, interaction.Rules.Options, fan, cancellationToken) is not null)
            {
                (passed ??= []).Add(interaction.Id);
            }
        }

        return passed ?? (IReadOnlyList<string>)[];
    }
}
