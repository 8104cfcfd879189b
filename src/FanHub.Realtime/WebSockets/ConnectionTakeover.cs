using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace FanHub.Realtime.WebSockets;

/// <summary>
/// Lets a request take over the connection that it came in: its answer is kept back, HTTP ends and lets go of all it held for the connection, and what took over goes on with the bare
/// connection. A feature of every connection of the server.
/// </summary>
/// <remarks>
/// A WebSocket that is served from inside its request keeps that request, its headers and Kestrel's parser alive for as long as the fan stays: several times what a follower needs.
/// Here Kestrel still parses the request, and the pipeline still judges it; only the time after that is ours.
/// </remarks>
internal sealed class ConnectionTakeover : IDuplexPipe, IConnectionHeartbeatFeature
{
    private readonly ConnectionContext _connection;
    private readonly IDuplexPipe _transport;
    private readonly IConnectionHeartbeatFeature? _heartbeat;
    private readonly TakeoverReader _input;
    private readonly TakeoverWriter _output;
    private (Action<object> Beat, object State)[] _beats = [];
    private Func<ReadOnlyMemory<byte>, Task>? _continue;

    private ConnectionTakeover(ConnectionContext connection)
    {
        _connection = connection;
        _transport = connection.Transport;
        _heartbeat = connection.Features.Get<IConnectionHeartbeatFeature>();
        _input = new TakeoverReader(_transport.Input);
        _output = new TakeoverWriter(_transport.Output);
    }

    /// <summary>The connection without anything around it.</summary>
    public ConnectionContext Connection => _connection;

    /// <summary>The connection's socket, if nothing comes between it and HTTP/1.</summary>
    public Socket? Socket => _connection.Features.Get<ITlsHandshakeFeature>() is null ? _connection.Features.Get<IConnectionSocketFeature>()?.Socket : null;

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    /// <summary>Kestrel's connection middleware.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        var takeover = new ConnectionTakeover(connection);
        takeover.Attach();
        await http(connection).ConfigureAwait(false);
        if (takeover.Detach() is { } next)
        {
            takeover = null;
            await next().ConfigureAwait(false);
        }
    }

    /// <summary>Takes the connection over once the request has ended. From now on HTTP writes to memory and reads nothing.</summary>
    /// <param name="next">Goes on with the connection; is given what HTTP answered, which has not been sent.</param>
    public void Begin(Func<ReadOnlyMemory<byte>, Task> next)
    {
        _continue = next;
        _input.Taken = true;
        _output.Keep();
    }

    /// <inheritdoc/>
    public void OnHeartbeat(Action<object> action, object state) => _beats = [.. _beats, (action, state)];

    private void Attach()
    {
        _connection.Transport = this;
        _connection.Features.Set(this);
        if (_heartbeat is not null)
        {
            // Kestrel never forgets what asks it for heartbeats. It asks us, and we do.
            _heartbeat.OnHeartbeat(static t => ((ConnectionTakeover)t).Beat(), this);
            _connection.Features.Set<IConnectionHeartbeatFeature>(this);
        }
    }

    private Func<Task>? Detach()
    {
        _beats = [];
        _connection.Transport = _transport;
        _connection.Features.Set<ConnectionTakeover>(null);
        _connection.Features.Set(_heartbeat);
        if (_continue is not { } next)
        {
            return null;
        }

        _continue = null;
        var answer = _output.Kept;
        _output.Forget();
        return () => next(answer);
    }

    private void Beat()
    {
        foreach (var (beat, state) in _beats)
        {
            beat(state);
        }
    }

    private sealed class TakeoverReader(PipeReader inner) : PipeReader
    {
        public bool Taken { get; set; }

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead()
        {
            if (!Taken)
            {
                inner.CancelPendingRead();
            }
        }

        public override void Complete(Exception? exception = null)
        {
            if (!Taken)
            {
                inner.Complete(exception);
            }
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Taken ? new(new ReadResult(default, isCanceled: false, isCompleted: true)) : inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result)
        {
            if (Taken)
            {
                result = new ReadResult(default, isCanceled: false, isCompleted: true);
                return true;
            }

            return inner.TryRead(out result);
        }
    }

    private sealed class TakeoverWriter(PipeWriter inner) : PipeWriter
    {
        private System.Buffers.ArrayBufferWriter<byte>? _kept;

        public ReadOnlyMemory<byte> Kept => _kept?.WrittenMemory ?? default;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => _kept is null ? inner.UnflushedBytes : 0;

        public void Keep() => _kept = new(256);

        public void Forget() => _kept = null;

        public override void Advance(int bytes)
        {
            if (_kept is not null)
            {
                _kept.Advance(bytes);
            }
            else
            {
                inner.Advance(bytes);
            }
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _kept?.GetMemory(sizeHint) ?? inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _kept is not null ? _kept.GetSpan(sizeHint) : inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _kept is not null ? default : inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush()
        {
            if (_kept is null)
            {
                inner.CancelPendingFlush();
            }
        }

        public override void Complete(Exception? exception = null)
        {
            if (_kept is null)
            {
                inner.Complete(exception);
            }
        }
    }
}
