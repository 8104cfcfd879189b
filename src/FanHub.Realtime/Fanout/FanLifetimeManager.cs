using FanHub.Realtime.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace FanHub.Realtime.Fanout;

/// <summary>
/// Where SignalR hands over its connections: gives each a <see cref="FanConnection"/> (a feature of the connection), and takes it out of its channels when it ends.
/// </summary>
/// <typeparam name="THub">The hub.</typeparam>
public sealed class FanLifetimeManager<THub>(FanConnections connections, ChannelRelay relay, ILogger<DefaultHubLifetimeManager<THub>> logger) : DefaultHubLifetimeManager<THub>(logger)
    where THub : Hub
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        connection.Features.Set(connections.Add(connection));
        return base.OnConnectedAsync(connection);
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Features.Get<FanConnection>() is { } fan)
        {
            connections.Remove(fan);
            relay.Leave(fan);
        }

        return base.OnDisconnectedAsync(connection);
    }
}
