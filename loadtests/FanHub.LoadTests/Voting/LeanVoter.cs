using System.Globalization;
using System.Text;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Voting;

/// <summary>A fan who follows a channel and votes when told to.</summary>
/// <param name="number">The fan's number.</param>
/// <param name="node">Where the fan connects to.</param>
/// <param name="token">The fan's session.</param>
/// <param name="channel">The channel.</param>
/// <param name="book">Where the answers go.</param>
internal sealed class LeanVoter(int number, Uri node, string token, string channel, StampedeBook book) : SignalRConversation(number, node.Port)
{
    /// <summary>The options of the poll that is voted in.</summary>
    public static readonly string[] Options = ["a", "b", "c", "d"];

    private const int FollowCall = 1;

    // Few are ever under way at the same time.
    private readonly List<Ballot> _underWay = [];
    private int _lastCall = FollowCall;
    private int _lastSubmission;

    /// <inheritdoc/>
    public override string Path => $"{HubMethods.Path}?access_token={token}";

    /// <summary>Votes. On the crowd's thread.</summary>
    /// <param name="poll">The poll.</param>
    /// <param name="option">The index of the option.</param>
    /// <param name="kind">Why: a resend carries the last submission again.</param>
    /// <param name="dueAt">When it was due, in stopwatch ticks.</param>
    /// <param name="then">Called when it was answered.</param>
    public void Vote(string poll, int option, BallotKind kind, long dueAt, Action? then = null)
    {
        book.Send(kind);
        if (Socket is not { IsOpen: true })
        {
            book.Unexpected("connection lost");
            return;
        }

        var call = ++_lastCall;
        var submission = kind == BallotKind.Resent ? _lastSubmission : ++_lastSubmission;
        _underWay.Add(new Ballot(call, option, kind, dueAt, then));
        Socket.Send(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":1,"invocationId":"{{call}}","target":"Vote","arguments":[{"interaction":"{{poll}}","choices":["{{Options[option]}}"],"submission":"{{Number}}-{{submission}}"}]}{{'\u001e'}}""")));
    }

    /// <inheritdoc/>
    protected override void Shaken() => Call(FollowCall.ToString(CultureInfo.InvariantCulture), HubMethods.Follow, new FollowRequest { Channel = channel, Locale = "en" });

    /// <inheritdoc/>
    protected override void Called(ReadOnlySpan<byte> record, long arrivedAt)
    {
        // What the channel shows is other scenarios' affair.
    }

    /// <inheritdoc/>
    protected override void Answered(ReadOnlySpan<byte> record, long arrivedAt)
    {
        var (call, reply) = SignalRJson.ReadReply(record, arrivedAt);
        if (call == FollowCall)
        {
            if (reply.Error is { } error)
            {
                throw new InvalidDataException($"Follow was refused: {error}");
            }

            SayArrived();
            return;
        }

        var place = _underWay.FindIndex(b => b.Call == call);
        if (place < 0)
        {
            book.Unexpected("answer to nothing");
            return;
        }

        var ballot = _underWay[place];
        _underWay.RemoveAt(place);
        book.Answer(Number, ballot.Option, ballot.Kind, reply, ballot.DueAt);
        ballot.Then?.Invoke();
    }

    private sealed record Ballot(int Call, int Option, BallotKind Kind, long DueAt, Action? Then);
}
