using System.Buffers.Text;
using System.Collections;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using FanHub.Realtime.Fanout;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace FanHub.Realtime.WebSockets;

/// <summary>
/// One client's WebSocket as SignalR sees it: a connection that carries messages, whose frames are read and written here. Is its own features and its own pair of pipes, for each object
/// less counts many thousand times.
/// </summary>
internal sealed class WebSocketConnection : ConnectionContext, IDuplexPipe, IFeatureCollection, IConnectionUserFeature, ITransferFormatFeature, IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature,
    IConnectionHeartbeatFeature, IConnectionInherentKeepAliveFeature
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    private const long MostBeforeClose = 4 * 1024 * 1024;

    private readonly ConnectionContext _connection;
    private readonly IConnectionLifetimeNotificationFeature? _notification;
    private readonly MessageReader _input;
    private readonly MessageWriter _output;
    private FanConnection? _fan;
    private KeyValuePair<Type, object>[] _features = [];
    private IDictionary<object, object?>? _items;

    /// <summary>Takes a socket over whose opening handshake is done.</summary>
    /// <param name="connection">What the socket came in; reads from it.</param>
    /// <param name="socket">Where to write.</param>
    /// <param name="user">Who opened it.</param>
    /// <param name="options">Its limits.</param>
    public WebSocketConnection(ConnectionContext connection, Socket socket, ClaimsPrincipal? user, FanoutOptions options)
    {
        _connection = connection;
        _notification = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        // From now on a full buffer is an answer, and not a reason to wait.
        socket.Blocking = false;
        socket.SendBufferSize = options.KernelBufferBytes;
        Lane = new SocketLane(socket, options.MaxWaitingBytes, () => connection.Abort());
        _input = new MessageReader(connection.Transport.Input, Lane, FanoutOptions.HighestMessageBytes);
        _output = new MessageWriter(Lane);
        User = user;
        ConnectionClosed = connection.ConnectionClosed;
        Span<byte> id = stackalloc byte[16];
        RandomNumberGenerator.Fill(id);
        ConnectionId = Base64Url.EncodeToString(id);
    }

    /// <summary>Where its frames go out.</summary>
    public SocketLane Lane { get; }

    /// <inheritdoc cref="BaseConnectionContext" />
    public override string ConnectionId { get; set; }

    /// <inheritdoc cref="BaseConnectionContext" />
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <inheritdoc cref="BaseConnectionContext" />
    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("What carries this connection cannot be replaced.");
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => this;

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed { get; set; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    /// <inheritdoc/>
    public ClaimsPrincipal? User { get; set; }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    TransferFormat ITransferFormatFeature.SupportedFormats => TransferFormat.Text;

    TransferFormat ITransferFormatFeature.ActiveFormat
    {
        get => TransferFormat.Text;
        set
        {
            // Frames are text; no protocol that wants anything else is offered.
        }
    }

    /// <summary>Signs of life are sent from here (<see cref="FanConnections"/>), and not by SignalR.</summary>
    bool IConnectionInherentKeepAliveFeature.HasInherentKeepAlive => true;

    bool IFeatureCollection.IsReadOnly => false;

    int IFeatureCollection.Revision => 0;

    object? IFeatureCollection.this[Type key]
    {
        get => Find(key);
        set => Set(key, value);
    }

    /// <summary>Called by SignalR at a client's first ping; until then, it may be silent.</summary>
    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state) => Lane.OnBeat = (action, state);

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        Lane.End();
        _connection.Abort(abortReason);
    }

    /// <summary>Says good-bye, as far as the client still listens: a close frame, and a while for the client's own (RFC 6455, section 7.1).</summary>
    /// <param name="code">Why.</param>
    public async Task CloseAsync(int code)
    {
        Lane.WriteLast(FrameFormat.MakeClose(code));
        using var limit = new CancellationTokenSource(CloseTimeout);
        try
        {
            // A client that has stopped reading would hold a place for nothing.
            if (await Lane.FlushedAsync(TimeSpan.FromMilliseconds(500)).ConfigureAwait(false) && await _input.ReadToEndAsync(MostBeforeClose, limit.Token).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // It had its time.
        }
        finally
        {
            Lane.End();
        }

        _connection.Abort(new ConnectionAbortedException("The client did not take part in closing."));
    }

    TFeature? IFeatureCollection.Get<TFeature>()
        where TFeature : default => (TFeature?)Find(typeof(TFeature));

    void IFeatureCollection.Set<TFeature>(TFeature? instance)
        where TFeature : default => Set(typeof(TFeature), instance);

    IEnumerator<KeyValuePair<Type, object>> IEnumerable<KeyValuePair<Type, object>>.GetEnumerator() => ((IEnumerable<KeyValuePair<Type, object>>)_features).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _features.GetEnumerator();

    private object? Find(Type key)
    {
        foreach (var (type, feature) in _features)
        {
            if (type == key)
            {
                return feature;
            }
        }

        if (key == typeof(FanConnection))
        {
            return _fan;
        }

        // SignalR ends connections with an invitation to come back when the server is asked to let go of them.
        return key == typeof(IConnectionLifetimeNotificationFeature) ? _notification
            : key == typeof(IFrameLane) ? Lane
            : key.IsInstanceOfType(this) ? this : null;
    }

    private void Set(Type key, object? feature)
    {
        if (key == typeof(FanConnection))
        {
            // Every connection has one, and nearly no other feature.
            _fan = (FanConnection?)feature;
            return;
        }

        var others = _features.Where(f => f.Key != key);
        _features = feature is null ? [.. others] : [.. others, new KeyValuePair<Type, object>(key, feature)];
    }
}
