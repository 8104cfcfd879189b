using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Server.Live;

/// <summary>Every call that a fan can make.</summary>
[Authorize(FanSessions.Scheme)]
internal sealed class LiveHub(ChannelRelay relay, CastVote votes, FanConnections connections, TimeProvider time) : Hub
{
    private const int MaxInteractions = 50;

    private FanConnection Connection => Context.Features.Get<FanConnection>() ?? throw new InvalidOperationException("The connection was not set up.");

    private long Fan => FanSessions.NumberOf(Context.User);

    /// <summary>Starts following a channel, from where the client was, or from a snapshot.</summary>
    public async Task<EncodedFollowReply> Follow(FollowRequest request)
    {
        LiveLocale.ThrowIfInvalid(request.Locale);
        if (await relay.HoldAsync(request.Channel, Context.ConnectionAborted))
        {
            foreach (var gate in await votes.GatesPassedAsync(Fan, request.Channel, Context.ConnectionAborted))
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

    /// <summary>Casts a ballot in a poll.</summary>
    public async Task<BallotReply> Vote(VoteRequest request)
    {
        var (reply, interaction) = await votes.HandleAsync(Fan, request, Context.ConnectionAborted);
        if (interaction.Gate is { } gate)
        {
            foreach (var connection in connections.Of(Context.UserIdentifier!))
            {
                relay.OpenGate(connection, interaction.Channel, gate);
            }
        }

        return reply;
    }

    /// <summary>The fan's own ballots.</summary>
    public Task<IReadOnlyList<OwnBallot>> Mine(IReadOnlyList<string> interactions) => interactions.Count <= MaxInteractions && !interactions.Contains(null!)
        ? votes.MineAsync(Fan, interactions, Context.ConnectionAborted)
        : throw new FanHubException(ErrorCodes.Invalid, $"Mine takes the ids of at most {MaxInteractions} interactions.");

    /// <summary>The server's clock, in Unix milliseconds.</summary>
    public long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
