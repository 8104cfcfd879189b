using System.Globalization;
using System.IO.Pipelines;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Live;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace FanHub.Tests.Server.Model;

/// <summary>What a fan is told.</summary>
/// <param name="Code">An error's code; <c>ok</c> where there is none.</param>
/// <param name="Value">The answer.</param>
internal readonly record struct Told<T>(string Code, T? Value);

/// <summary>A fan who calls the hub: as over a socket, but that nothing is read of what is pushed.</summary>
internal sealed class HubFan
{
    private readonly Func<LiveHub> _hub;
    private readonly Caller _caller;

    public HubFan(long number, FanConnections connections, Func<LiveHub> hub)
    {
        _hub = hub;
        var id = number.ToString(CultureInfo.InvariantCulture);
        var user = FanSessions.Bare(new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id), new Claim("exp", "1")])));
        var nothing = new Duplex(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null));
        var connection = new HubConnectionContext(new DefaultConnectionContext($"c{id}", nothing, nothing), new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromHours(1) }, NullLoggerFactory.Instance)
        {
            UserIdentifier = id,
            Protocol = new JsonHubProtocol(),
        };
        _caller = new Caller(connection.ConnectionId, id, user);
        _caller.Features.Set(connections.Add(connection));
    }

    public Task<Told<BallotReply>> VoteAsync(string interaction, IReadOnlyList<string> choices, string submission) =>
        CallAsync(hub => hub.Vote(new VoteRequest { Interaction = interaction, Choices = choices, Submission = submission }));

    public Task<Told<BallotReply>> AnswerAsync(string quiz, string question, IReadOnlyList<string> choices, string submission) =>
        CallAsync(hub => hub.Answer(new AnswerRequest { Quiz = quiz, Question = question, Choices = choices, Submission = submission }));

    public Task<Told<IReadOnlyList<OwnBallot>>> MineAsync(IReadOnlyList<string> ids) => CallAsync(hub => hub.Mine(ids));

    public Task<Told<Standing>> StandingAsync(string board) => CallAsync(hub => hub.Standing(board));

    public Task<Told<bool>> MoreTimeAsync(string quiz) => CallAsync(async hub =>
    {
        await hub.MoreTime(quiz);
        return true;
    });

    /// <summary>Follows anew, and reads the snapshot.</summary>
    public Task<Told<JsonObject>> FollowAsync(string channel, string? locale, int delayMs) => CallAsync(async hub =>
    {
        var reply = await hub.Follow(new FollowRequest { Channel = channel, Locale = locale, DelayMs = delayMs });
        reply.Written();
        return JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(reply, WireJson.Options))!.AsObject();
    });

    private async Task<Told<T>> CallAsync<T>(Func<LiveHub, Task<T>> call)
    {
        using var hub = _hub();
        hub.Context = _caller;
        try
        {
            return new Told<T>(Outcome.Ok, await call(hub));
        }
        catch (Exception failure) when (Problems.From(failure) is { Unexpected: false } problem)
        {
            return new Told<T>(problem.Code, default);
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class Caller(string connection, string fan, ClaimsPrincipal user) : HubCallerContext
    {
        public override string ConnectionId => connection;

        public override string? UserIdentifier => fan;

        public override ClaimsPrincipal? User => user;

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => CancellationToken.None;

        public override void Abort()
        {
        }
    }
}
