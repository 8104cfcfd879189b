using System.Diagnostics;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>What a voter does, decided beforehand.</summary>
/// <param name="After">How long after the opening, or around the closing, the fan votes.</param>
/// <param name="Choice">The option.</param>
internal sealed record VoterPlan(TimeSpan After, string Choice)
{
    /// <summary>Votes when the poll is being closed, not when it has opened.</summary>
    public bool AtClosing { get; init; }

    /// <summary>Sends the same submission again, without having waited for the answer, as an app does that lost it.</summary>
    public bool ResendsAtOnce { get; init; }

    /// <summary>Sends the same submission again after the answer.</summary>
    public bool ResendsLater { get; init; }

    /// <summary>Tries to vote again, for this option; null for honest fans.</summary>
    public string? SecondChoice { get; init; }
}

/// <summary>One fan who votes as planned, and keeps what was answered.</summary>
internal sealed class Voter(VoterPlan plan, BallotBook book)
{
    private const int MaxAttempts = 6;
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(250);

    private readonly string _submission = Guid.NewGuid().ToString("N");
    private readonly TaskCompletionSource _sawOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TallyItem?> _sawClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the fan does.</summary>
    public VoterPlan Plan => plan;

    /// <summary>The receipt; null where the fan has none.</summary>
    public string? Receipt { get; private set; }

    /// <summary>Done when the fan sees that the poll is closed: with the count shown.</summary>
    public Task<TallyItem?> SawClosed => _sawClosed.Task;

    /// <summary>Takes a call from the server: waits for the poll to open, and to close.</summary>
    public void Hear(ReadOnlySpan<byte> record, long arrivedAt)
    {
        book.Heard();
        // Running counts come several times a second, to everybody, and are not read.
        if (record.IndexOf("\"kind\":\"poll\""u8) < 0)
        {
            return;
        }

        foreach (var update in SignalRJson.ReadUpdates(record).Where(u => string.Equals(u.Kind, ItemKinds.Poll, StringComparison.Ordinal) && u.Data is not null))
        {
            var poll = update.Data!.Value.GetProperty("state").GetString();
            if (poll is "open")
            {
                _sawOpen.TrySetResult();
            }
            else if (poll is "closed")
            {
                _sawClosed.TrySetResult(update.Data.Value.TryGetProperty("tally", out var tally) ? System.Text.Json.JsonSerializer.Deserialize<TallyItem>(tally, WireJson.Options) : null);
            }
        }
    }

    /// <summary>Votes as planned.</summary>
    public async Task VoteAsync(FanSocket fan, string poll, Task closing, CancellationToken cancellationToken)
    {
        await _sawOpen.Task.WaitAsync(cancellationToken);
        if (plan.AtClosing)
        {
            await closing.WaitAsync(cancellationToken);
        }

        await Task.Delay(plan.After, cancellationToken);
        var request = new VoteRequest { Interaction = poll, Choices = [plan.Choice], Submission = _submission };
        var first = SendAsync(fan, request, measured: !plan.AtClosing, cancellationToken);
        var again = plan.ResendsAtOnce ? SendAsync(fan, request, measured: false, cancellationToken) : null;
        Take(await first);
        if (again is not null)
        {
            Take(await again);
        }

        if (Receipt is null)
        {
            return;
        }

        if (plan.ResendsLater)
        {
            Take(await SendAsync(fan, request, measured: false, cancellationToken));
        }

        if (plan.SecondChoice is { } second)
        {
            book.SecondVote(await SendAsync(fan, request with { Choices = [second], Submission = Guid.NewGuid().ToString("N") }, measured: false, cancellationToken));
        }
    }

    /// <summary>Compares what the fan holds with what the server says that the fan holds.</summary>
    /// <returns>Whether they are the same.</returns>
    public async Task<bool> IsHeldAsync(FanSocket fan, string poll, CancellationToken cancellationToken)
    {
        var reply = await fan.CallAsync(HubMethods.Mine, new[] { poll }, cancellationToken);
        Crowd.ThrowIfRefused(reply, HubMethods.Mine);
        var own = reply.Read<List<OwnBallot>>();
        return Receipt is null
            ? own.Count == 0
            : own is [var ballot] && string.Equals(ballot.Receipt, Receipt, StringComparison.Ordinal) && ballot.Choices is [var choice] && string.Equals(choice, plan.Choice, StringComparison.Ordinal);
    }

    /// <summary>Sends a ballot until there is an answer that means something, as an app does.</summary>
    private async Task<Reply> SendAsync(FanSocket fan, VoteRequest request, bool measured, CancellationToken cancellationToken)
    {
        var sentAt = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var reply = await fan.CallAsync(HubMethods.Vote, request, cancellationToken);
            book.Answered(reply);
            if (string.Equals(reply.ErrorCode, ErrorCodes.RateLimited, StringComparison.Ordinal))
            {
                throw LoadTestException.Limited("ballots");
            }

            if (!string.Equals(reply.ErrorCode, ErrorCodes.Unavailable, StringComparison.Ordinal) || attempt == MaxAttempts)
            {
                if (measured && reply.Error is null)
                {
                    book.Measured(sentAt, reply.ArrivedAt);
                }

                return reply;
            }

            await Task.Delay(Backoff * attempt * (0.5 + Random.Shared.NextDouble()), cancellationToken);
        }
    }

    private void Take(Reply reply)
    {
        if (reply.Error is not null)
        {
            book.Refused(reply, plan.AtClosing);
            return;
        }

        var ballot = reply.Read<BallotReply>();
        book.Acknowledged(ballot.Status, isFirst: Receipt is null, isSame: Receipt is null || string.Equals(Receipt, ballot.Receipt, StringComparison.Ordinal));
        Receipt ??= ballot.Receipt;
    }
}
