using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;

namespace FanHub.Server.Leaderboards;

/// <summary>Where a fan stands on a leaderboard.</summary>
internal sealed class FindStanding(ILeaderboard boards, Interactions interactions, ChannelRelay relay)
{
    private const string Predictions = "predictions.";

    /// <summary>Finds it.</summary>
    /// <param name="fan">The fan's number.</param>
    /// <param name="board">A quiz's id, or <c>predictions.{channel}</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FanHubException"><c>not_found</c>.</exception>
    /// <exception cref="LeaderboardUnavailableException">It cannot be read now.</exception>
    public async Task<Standing> HandleAsync(long fan, string board, CancellationToken cancellationToken)
    {
        await ThrowIfUnknownAsync(board, cancellationToken);
        var standing = await boards.FindAsync(board, fan, cancellationToken);
        return new Standing(standing?.Points ?? 0, standing?.Rank, await boards.CountAsync(board, cancellationToken));
    }

    private async Task ThrowIfUnknownAsync(string board, CancellationToken cancellationToken)
    {
        if (board.StartsWith(Predictions, StringComparison.Ordinal))
        {
            if (!await relay.HoldAsync(board[Predictions.Length..], cancellationToken))
            {
                throw new FanHubException(ErrorCodes.NotFound, "There is no such channel.");
            }
        }
        else if (await interactions.FindAsync(board, cancellationToken) is not { Question: not null })
        {
            // A quiz that fans have not been shown is not told apart from none.
            throw new FanHubException(ErrorCodes.NotFound, "There is no such quiz.");
        }
    }

    /// <summary>The board of a channel's predictions.</summary>
    public static string OfPredictions(string channel) => Predictions + channel;
}
