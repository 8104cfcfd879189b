using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Server.Ballots;
using FanHub.Server.Cheers;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using FanHub.Server.Quizzes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Server.Live;

/// <summary>Every call that a fan can make.</summary>
[Authorize(FanSessions.Scheme)]
internal sealed class LiveHub(ChannelRelay relay, CastVote votes, CastAnswer answers, OwnBallots own, FindStanding standings, AskMoreTime moreTime, CountCheers cheers, FanConnections connections, TimeProvider time) : Hub
{
    private const int MaxInteractions = 50;

    private FanConnection Connection => Context.Features.Get<FanConnection>() ?? throw new InvalidOperationException("The connection was not set up.");

    private long Fan => FanSessions.NumberOf(Context.User);

    /// <summary>Starts following a channel, from where the client was, or from a snapshot.</summary>
    public async Task<EncodedFollowReply> Follow(FollowRequest request)
    {
        LiveLocale.ThrowIfInvalid(request.Locale);
        if (request.DelayMs is < 0 or > FollowRequest.MaxDelayMs)
        {
            throw new FanHubException(ErrorCodes.Invalid, $"delayMs has to be from 0 to {FollowRequest.MaxDelayMs}.");
        }

        if (await relay.HoldAsync(request.Channel, Context.ConnectionAborted))
        {
            foreach (var gate in await own.GatesPassedAsync(Fan, request.Channel, Context.ConnectionAborted))
            {
                Connection.OpenGate(gate);
            }

            if (await relay.FollowAsync(Connection, request, Context.ConnectionAborted) is { } reply)
            {
                return reply;
            }
        }

        throw new FanHubException(ErrorCodes.NotFound, "There is no such channel.");
    }

    /// <summary>Stops following a channel.</summary>
    public void Unfollow(string channel) => relay.Unfollow(Connection, channel);

    /// <summary>Casts a ballot in a poll or a prediction.</summary>
    public async Task<BallotReply> Vote(VoteRequest request)
    {
        var (reply, interaction) = await votes.HandleAsync(Fan, Connection, request, Context.ConnectionAborted);
        if (interaction.Gate is { } gate)
        {
            foreach (var connection in connections.Of(Context.UserIdentifier!))
            {
                relay.OpenGate(connection, interaction.Channel, gate);
            }
        }

        return reply;
    }

    /// <summary>Answers the question that a quiz has come to.</summary>
    public Task<BallotReply> Answer(AnswerRequest request) => answers.HandleAsync(Fan, Connection, request, Context.ConnectionAborted);

    /// <summary>Where the fan stands on a leaderboard.</summary>
    public Task<Standing> Standing(string board) => standings.HandleAsync(Fan, board, Context.ConnectionAborted);

    /// <summary>Gives the fan double time on a quiz, from its next question on.</summary>
    public Task MoreTime(string quiz) => moreTime.HandleAsync(Fan, quiz, Context.ConnectionAborted);

    /// <summary>The fan's own ballots.</summary>
    public Task<IReadOnlyList<OwnBallot>> Mine(IReadOnlyList<string> interactions) => interactions.Count <= MaxInteractions && !interactions.Contains(null!)
        ? own.FindAsync(Fan, interactions, Context.ConnectionAborted)
        : throw new FanHubException(ErrorCodes.Invalid, $"Mine takes the ids of at most {MaxInteractions} interactions.");

    /// <summary>Cheers in a channel. What does not count is dropped without a word.</summary>
    public void Cheer(CheerRequest cheer) => cheers.Count(Fan, Connection, cheer);

    /// <summary>The server's clock, in Unix milliseconds.</summary>
    public long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
