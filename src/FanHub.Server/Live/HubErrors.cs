using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Live;

/// <summary>Around every call of the hub: counts it against the fan's limit, and turns what goes wrong into <c>code: text</c>.</summary>
internal sealed partial class HubErrors(FanLimits limits, NodeLag lag, BallotBatcher batcher, IOptions<VotingOptions> voting, ILogger<HubErrors> logger) : IHubFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            if (invocationContext.HubMethodArguments.Contains(null))
            {
                return new Refusal($"{ErrorCodes.Invalid}: An argument is null.");
            }

            // Cheers have a limit of their own, beyond which they are dropped: nobody would hear of a refusal, and who cheers a lot is not to lose a vote for it.
            if (!string.Equals(invocationContext.HubMethodName, HubMethods.Cheer, StringComparison.Ordinal))
            {
                limits.TakeCall(FanSessions.NumberOf(invocationContext.Context.User));
            }

            return lag.Current > voting.Value.MaxLag && IsBallot(invocationContext.HubMethodName) ? TooLate() : await next(invocationContext);
        }
        catch (OperationCanceledException) when (invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            // The connection went away while the call waited; there is nobody to answer.
            return new Refusal($"{ErrorCodes.Unavailable}: The connection was closed.");
        }
        catch (Exception e) when (e is not HubException)
        {
            var problem = Problems.From(e);
            if (problem.Unexpected)
            {
                Failed(logger, invocationContext.HubMethodName, e);
            }

            return new Refusal(problem.HubMessage);
        }
    }

    private static bool IsBallot(string method) => method is HubMethods.Vote or HubMethods.Answer;

    /// <summary>A node that is so far behind takes no more on: what it refuses costs it little, and may be counted at another moment or another node.</summary>
    private Refusal TooLate() => new(Problems.From(batcher.Overloaded()).HubMessage);

    [LoggerMessage(Level = LogLevel.Error, Message = "The hub method {Method} failed")]
    private static partial void Failed(ILogger logger, string method, Exception exception);
}
