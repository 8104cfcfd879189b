using FanHub.Contracts;
using FanHub.Server.Ballots;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Polls;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Demo;

/// <summary>
/// A made-up evening that plays in a loop, so that the page has life in it: a poll opens, a small crowd votes over half a minute, it closes, the result is shown, the next one comes.
/// It uses the same commands and the same ballot path as everybody else.
/// </summary>
internal sealed partial class DemoShow(
    IServiceScopeFactory scopes, CastVote votes, IBallotBox box, IHostApplicationLifetime lifetime, DatabaseStartup database, TimeProvider time, ILogger<DemoShow> logger) : BackgroundService
{
    /// <summary>The channel that it plays on.</summary>
    public const string Channel = "demo";

    private const int CrowdSize = 60;
    private static readonly TimeSpan Voting = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Suspense = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Applause = TimeSpan.FromSeconds(12);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await database.Ready.WaitAsync(stoppingToken);
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        var ready = false;
        for (var scene = 0; !stoppingToken.IsCancellationRequested; scene++)
        {
            try
            {
                if (!ready)
                {
                    await SendAsync(new SaveChannel.Command(Channel, DemoScript.Channel, IfMatch.None), stoppingToken);
                    await ClearAsync(stoppingToken);
                    ready = true;
                }

                await PlayAsync(DemoScript.Scenes[scene % DemoScript.Scenes.Count], stoppingToken);
                backoff.Reset();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // An editor, or the clock, may have been faster with the demo's poll, or Redis may be away: the show goes on.
                SceneFailed(logger, e);
                await Task.Delay(backoff.Next(), time, stoppingToken);
            }
        }
    }

    private async Task PlayAsync(PollBody scene, CancellationToken cancellationToken)
    {
        var draft = await SendAsync(new CreatePoll.Command(scene with { ClosesAt = time.GetUtcNow() + Voting }), cancellationToken);
        var poll = await SendAsync(new OpenPoll.Command(draft.Id, IfMatch.None), cancellationToken);
        await LetTheCrowdVoteAsync(poll, cancellationToken);
        await WaitForStateAsync(poll.Id, QuestionState.Closed, cancellationToken);
        await Task.Delay(Suspense, time, cancellationToken);
        await SendAsync(new RevealPoll.Command(poll.Id, IfMatch.None), cancellationToken);
        await Task.Delay(Applause, time, cancellationToken);
        await SendAsync(new RevokePoll.Command(poll.Id, IfMatch.None), cancellationToken);
    }

    private async Task LetTheCrowdVoteAsync(PollView poll, CancellationToken cancellationToken)
    {
        var first = await box.ReserveFansAsync(CrowdSize, cancellationToken);
        var pause = (Voting - TimeSpan.FromSeconds(3)) / CrowdSize;
        for (var fan = first; fan < first + CrowdSize; fan++)
        {
            await Task.Delay(pause * 2 * Random.Shared.NextDouble(), time, cancellationToken);
            // Squared, so that opinions differ: the first options are liked best.
            var liked = (int)(Math.Pow(Random.Shared.NextDouble(), 2) * poll.Options.Count);
            try
            {
                await votes.HandleAsync(fan, connection: null, new VoteRequest { Interaction = poll.Id, Choices = [poll.Options[liked].Id], Submission = "demo" }, cancellationToken);
            }
            catch (FanHubException e) when (e.Code is ErrorCodes.Closed or ErrorCodes.NotOpen or ErrorCodes.NotFound)
            {
                // Not shown yet on this node, or closed by an editor.
            }
        }
    }

    private async Task WaitForStateAsync(string poll, QuestionState state, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), time);
        while ((await SendAsync(new GetPoll.Query(poll), cancellationToken)).State != state)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Takes away what an earlier run left on the channel.</summary>
    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        foreach (var state in (string[])["open", "closed", "revealed"])
        {
            foreach (var poll in (await SendAsync(new ListPolls.Query(Channel, state, Cursor: null, Limit: 100), cancellationToken)).Items)
            {
                await SendAsync(new RevokePoll.Command(poll.Id, IfMatch.None), cancellationToken);
            }
        }
    }

    private async Task<T> SendAsync<T>(IRequest<T> request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A scene of the demo was cut short")]
    private static partial void SceneFailed(ILogger logger, Exception exception);
}
