using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace FanHub.Client;

/// <summary>Opens the connections that SignalR's client runs over: one WebSocket each, without negotiation, so that any node behind any balancer will do.</summary>
/// <param name="token">The token to present.</param>
/// <param name="refused">Is called where the token opens nothing.</param>
internal sealed class WebSocketConnectionFactory(Func<string> token, Action refused) : IConnectionFactory
{
    /// <inheritdoc/>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var address = ((UriEndPoint)endpoint).Uri;
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token()}");
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = string.Equals(address.Scheme, "https", StringComparison.Ordinal) ? "wss" : "ws" }.Uri, cancellationToken);
            return new WebSocketConnection(socket);
        }
        catch
        {
            if (socket.HttpStatusCode == HttpStatusCode.Unauthorized)
            {
                refused();
            }

            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A WebSocket as SignalR wants it: a pair of pipes.</summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly IDuplexPipe _application;
    private readonly Task _running;

    public WebSocketConnection(ClientWebSocket socket)
    {
        _socket = socket;
        var toSocket = new Pipe();
        var fromSocket = new Pipe();
        Transport = new Duplex(fromSocket.Reader, toSocket.Writer);
        _application = new Duplex(toSocket.Reader, fromSocket.Writer);
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _socket.Abort();
        _closed.Cancel();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        await _closed.CancelAsync();
    }

    private async Task RunAsync()
    {
        var sending = SendAsync();
        await ReceiveAsync();
        await _closed.CancelAsync();
        _application.Input.CancelPendingRead();
        await sending;
    }

    private async Task ReceiveAsync()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(_application.Output.GetMemory(4096), _closed.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                _application.Output.Advance(result.Count);
                if ((await _application.Output.FlushAsync(_closed.Token)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            failure = e;
        }

        await _application.Output.CompleteAsync(failure);
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var result = await _application.Input.ReadAsync(_closed.Token);
                foreach (var segment in result.Buffer)
                {
                    await _socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: true, _closed.Token);
                }

                _application.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The receiving side learns of it too, and tells SignalR.
        }

        await _application.Input.CompleteAsync();
        // A peer that does not answer the close must not keep this end open.
        _closed.CancelAfter(TimeSpan.FromSeconds(2));
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
