using FanHub.Realtime.Fanout;
using Microsoft.AspNetCore.SignalR;

namespace FanHub.Server.Fans;

/// <summary>
/// Closes a connection whose fan was forgotten while it was being made, and refuses calls that come over one that is just being closed. (Who was forgotten earlier is refused before there is a
/// connection; what is open when a fan is forgotten, <see cref="ForgottenFans"/> closes.)
/// </summary>
internal sealed class RefuseForgotten(ForgottenFans forgotten) : IHubFilter
{
    /// <inheritdoc/>
    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        // It can be found by now: either whoever forgets its fan finds it, or this finds the fan forgotten.
        if (context.Context.Features.Get<FanConnection>() is { } connection)
        {
            forgotten.CloseIfForgotten(connection);
        }

        return next(context);
    }

    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        forgotten.ThrowIfForgotten(FanSessions.NumberOf(invocationContext.Context.User));
        return next(invocationContext);
    }
}
