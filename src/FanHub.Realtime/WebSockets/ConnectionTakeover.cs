using System.Buffers;
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
internal sealed class ConnectionTakeover : IDuplexPipe
{
    private readonly ConnectionContext _connection;
    private readonly IDuplexPipe _transport;
    private readonly IConnectionHeartbeatFeature? _heartbeat;
    private readonly TakeoverReader _input;
    private readonly TakeoverWriter _output;
    private readonly Heartbeats _beats = new();
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

    /// <summary>
    /// Whether what is sent past HTTP from now on comes behind what HTTP has sent: answers to earlier requests may still be on their way through the server. A client that says nothing
    /// before it has its answer can be waited for; for one that went ahead of earlier answers there is no knowing.
    /// </summary>
    public bool KeepsOrder => !_output.Wrote || !_input.HasUnread;

    /// <summary>Takes the connection over once the request has ended. From now on HTTP reads nothing, and what it writes is kept, unless it has to go behind earlier answers.</summary>
    /// <param name="next">Goes on with the connection; is given what HTTP answered and has not been sent. Where that is nothing, it was, and may not have left yet: the client speaks first.</param>
    public void Begin(Func<ReadOnlyMemory<byte>, Task> next)
    {
        _continue = next;
        _input.Take();
        _output.Take();
    }

    private void Attach()
    {
        _connection.Transport = this;
        _connection.Features.Set(this);
        if (_heartbeat is not null)
        {
            // Kestrel never forgets who asks it for heartbeats. HTTP asks us, and we do.
            _heartbeat.OnHeartbeat(static b => ((Heartbeats)b).Beat(), _beats);
            _connection.Features.Set<IConnectionHeartbeatFeature>(_beats);
        }
    }

    private Func<Task>? Detach()
    {
        _beats.Forget();
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

    private sealed class Heartbeats : IConnectionHeartbeatFeature
    {
        private (Action<object> Beat, object State)[] _beats = [];

        public void OnHeartbeat(Action<object> action, object state) => _beats = [.. _beats, (action, state)];

        public void Forget() => _beats = [];

        public void Beat()
        {
            foreach (var (beat, state) in _beats)
            {
                beat(state);
            }
        }
    }

    private sealed class TakeoverReader(PipeReader inner) : PipeReader
    {
        private ReadOnlySequence<byte> _given;
        private bool _taken;

        /// <summary>Whether the client has said more than HTTP has made use of.</summary>
        public bool HasUnread { get; private set; }

        public void Take() => _taken = true;

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            HasUnread = !_given.Slice(consumed).IsEmpty;
            _given = default;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead()
        {
            if (!_taken)
            {
                inner.CancelPendingRead();
            }
        }

        public override void Complete(Exception? exception = null)
        {
            if (!_taken)
            {
                inner.Complete(exception);
            }
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (_taken)
            {
                return new(new ReadResult(default, isCanceled: false, isCompleted: true));
            }

            var read = inner.ReadAsync(cancellationToken);
            return read.IsCompletedSuccessfully ? new(Give(read.Result)) : GiveAsync(read);
        }

        public override bool TryRead(out ReadResult result)
        {
            if (_taken)
            {
                result = new ReadResult(default, isCanceled: false, isCompleted: true);
                return true;
            }

            if (!inner.TryRead(out result))
            {
                return false;
            }

            Give(result);
            return true;
        }

        private async ValueTask<ReadResult> GiveAsync(ValueTask<ReadResult> read) => Give(await read.ConfigureAwait(false));

        private ReadResult Give(ReadResult result)
        {
            _given = result.Buffer;
            return result;
        }
    }

    private sealed class TakeoverWriter(PipeWriter inner) : PipeWriter
    {
        private ArrayBufferWriter<byte>? _kept;
        private bool _taken;

        /// <summary>Whether anything was written before it was taken.</summary>
        public bool Wrote { get; private set; }

        public ReadOnlyMemory<byte> Kept => _kept?.WrittenMemory ?? default;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => _kept is null ? inner.UnflushedBytes : 0;

        public void Take()
        {
            _taken = true;
            _kept = Wrote ? null : new(256);
        }

        public void Forget() => _kept = null;

        public override void Advance(int bytes)
        {
            if (_kept is not null)
            {
                _kept.Advance(bytes);
            }
            else
            {
                Wrote = true;
                inner.Advance(bytes);
            }
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _kept?.GetMemory(sizeHint) ?? inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _kept is not null ? _kept.GetSpan(sizeHint) : inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _kept is not null ? default : inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush()
        {
            if (!_taken)
            {
                inner.CancelPendingFlush();
            }
        }

        public override void Complete(Exception? exception = null)
        {
            if (!_taken)
            {
                inner.Complete(exception);
            }
        }
    }
}
