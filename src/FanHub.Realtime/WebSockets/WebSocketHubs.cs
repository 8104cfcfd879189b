using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FanHub.Realtime.Fanout;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FanHub.Realtime.WebSockets;

/// <summary>Serves a hub's WebSockets with frames of our own. What cannot be served so goes to SignalR's own transports: TLS in this process, server-sent events, long polling.</summary>
public static class WebSocketHubs
{
    // RFC 6455, section 1.3.
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Lets requests take their connections over. To be called for Kestrel before anything that wraps connections, as TLS does.</summary>
    public static void UseTakeover(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.Use(next => connection => ConnectionTakeover.RunAsync(connection, next));
    }

    /// <summary>Takes the hub's WebSockets, with and without negotiation: nothing of what was negotiated matters to them. Behind whatever decides who may connect.</summary>
    /// <typeparam name="THub">The hub.</typeparam>
    /// <param name="app">The application.</param>
    /// <param name="path">Where the hub is mapped, too: there the rest goes.</param>
    public static void UseWebSocketHub<THub>(this IApplicationBuilder app, PathString path)
        where THub : Hub
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = app.ApplicationServices.GetRequiredService<IOptions<FanoutOptions>>().Value;
        var hub = app.ApplicationServices.GetRequiredService<HubConnectionHandler<THub>>();
        app.Use((context, next) =>
            context.Request.Path.Equals(path, StringComparison.Ordinal)
            && IsOpening(context.Request) is { } key
            && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade
            && context.Features.Get<ConnectionTakeover>() is { Socket: not null, KeepsOrder: true } takeover
                ? AcceptAsync(context, upgrade, takeover, key, hub, options)
                : next(context));
    }

    private static async Task AcceptAsync(HttpContext context, IHttpUpgradeFeature upgrade, ConnectionTakeover takeover, string key, ConnectionHandler hub, FanoutOptions options)
    {
        var (connection, socket, user) = (takeover.Connection, takeover.Socket!, context.User);
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Accept(key);
        takeover.Begin(answer =>
        {
            WebSocketConnection taken;
            try
            {
                taken = new WebSocketConnection(connection, socket, user, options);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                // The client did not wait for the answer, and Kestrel has noticed: nobody is left to serve.
                return Task.CompletedTask;
            }

            if (!answer.IsEmpty)
            {
                taken.Lane.WriteOwn(answer.Span);
            }

            return ServeAsync(taken, hub);
        });
        await upgrade.UpgradeAsync();
    }

    // Is there for as long as the client, and holds no more than it takes.
    private static async Task ServeAsync(WebSocketConnection connection, ConnectionHandler hub)
    {
        try
        {
            await hub.OnConnectedAsync(connection).ConfigureAwait(false);
        }
        finally
        {
            await connection.CloseAsync(CloseCode.Normal).ConfigureAwait(false);
        }
    }

    /// <returns>The client's key, where this is an opening handshake (RFC 6455, section 4.2.1); else null.</returns>
    private static string? IsOpening(HttpRequest request)
    {
        var headers = request.Headers;
        return HttpMethods.IsGet(request.Method) && HttpProtocol.IsHttp11(request.Protocol)
            && string.Equals(headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase)
            && string.Equals(headers.SecWebSocketVersion, "13", StringComparison.Ordinal)
            && headers.SecWebSocketKey is [{ Length: 24 } key]
            && Convert.TryFromBase64String(key, stackalloc byte[16], out var length) && length == 16
                ? key
                : null;
    }

    private static string Accept(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The protocol says SHA-1, and guards against accidents with it, not against anybody.
        SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptSuffix), hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }
}
