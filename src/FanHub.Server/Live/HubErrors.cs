using FanHub.Contracts;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Server.Live;

/// <summary>Around every call of the hub: counts it against the fan's limit, and turns what goes wrong into <c>code: text</c>.</summary>
internal sealed partial class HubErrors(FanLimits limits, ILogger<HubErrors> logger) : IHubFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            if (invocationContext.HubMethodArguments.Contains(null))
            {
                throw new FanHubException(ErrorCodes.Invalid, "An argument is null.");
            }

            // Cheers have a limit of their own, beyond which they are dropped: nobody would hear of a refusal, and who cheers a lot is not to lose a vote for it.
            if (!string.Equals(invocationContext.HubMethodName, HubMethods.Cheer, StringComparison.Ordinal))
            {
                limits.TakeCall(FanSessions.NumberOf(invocationContext.Context.User));
            }

            return await next(invocationContext);
        }
        catch (OperationCanceledException e) when (invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            // The connection went away while the call waited; there is nobody to answer.
            throw new HubException($"{ErrorCodes.Unavailable}: The connection was closed.", e);
        }
        catch (Exception e) when (e is not HubException)
        {
            var problem = Problems.From(e);
            if (problem.Unexpected)
            {
                Failed(logger, invocationContext.HubMethodName, e);
            }

            throw new HubException(problem.HubMessage, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The hub method {Method} failed")]
    private static partial void Failed(ILogger logger, string method, Exception exception);
}
