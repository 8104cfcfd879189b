using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.LoadTests.Fans;

/// <summary>What a fan does with a call from the server.</summary>
/// <param name="record">The message, as SignalR's JSON; only valid during the call.</param>
/// <param name="arrivedAt">When it was read, in <see cref="Stopwatch"/> ticks.</param>
internal delegate void Hearing(ReadOnlySpan<byte> record, long arrivedAt);

/// <summary>
/// One fan's connection, as light as it can be, so that thousands fit beside the server on one machine: a bare WebSocket that speaks just enough of SignalR's JSON protocol.
/// Records are handed on as the bytes that came.
/// </summary>
internal sealed class FanSocket : IAsyncDisposable
{
    private const int FirstBuffer = 2048;
    private const int MaxBuffer = 16 * 1024 * 1024;
    private const byte RecordSeparator = 0x1e;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);
    private static readonly byte[] HandshakeRequest = [.. """{"protocol":"json","version":1}"""u8, RecordSeparator];
    private static readonly byte[] PingRecord = [.. """{"type":6}"""u8, RecordSeparator];

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Hearing _hear;
    private readonly Dictionary<int, TaskCompletionSource<Reply>> _calls = [];
    private readonly TaskCompletionSource _shaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = new byte[FirstBuffer];
    private int _filled;
    private int _lastCall;
    private bool _leaving;
    private Task _reading = Task.CompletedTask;

    private FanSocket(string token, Hearing hear)
    {
        _hear = hear;
        // SignalR's own pings keep the connection up, and one loop sends them for all.
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        _socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
    }

    /// <summary>Why the connection ended although nobody here closed it; null while it has not.</summary>
    public string? Lost { get; private set; }

    /// <summary>Connects and shakes hands.</summary>
    public static async Task<FanSocket> ConnectAsync(Uri node, string token, HttpMessageInvoker http, Hearing hear, CancellationToken cancellationToken)
    {
        var fan = new FanSocket(token, hear);
        try
        {
            var scheme = string.Equals(node.Scheme, "https", StringComparison.Ordinal) ? "wss" : "ws";
            await fan._socket.ConnectAsync(new UriBuilder(node) { Scheme = scheme, Path = HubMethods.Path }.Uri, http, cancellationToken);
            fan._reading = fan.ReadAsync();
            await fan.SendAsync(HandshakeRequest, cancellationToken);
            await fan._shaken.Task.WaitAsync(CallLimit, cancellationToken);
            return fan;
        }
        catch
        {
            await fan.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a method of the hub and waits for the reply, for 30 s at most.</summary>
    public async Task<Reply> CallAsync(string method, object argument, CancellationToken cancellationToken)
    {
        var pending = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        int id;
        lock (_calls)
        {
            if (Lost is not null)
            {
                throw new IOException(Lost);
            }

            id = ++_lastCall;
            _calls.Add(id, pending);
        }

        var call = new { type = 1, invocationId = id.ToString(CultureInfo.InvariantCulture), target = method, arguments = new[] { argument } };
        await SendAsync([.. JsonSerializer.SerializeToUtf8Bytes(call, WireJson.Options), RecordSeparator], cancellationToken);
        return await pending.Task.WaitAsync(CallLimit, cancellationToken);
    }

    /// <summary>Tells the server that this end is there. Needed from time to time, or the server hangs up.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(PingRecord, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader learns of a broken connection too, and keeps the reason.
        }
    }

    /// <summary>Closes the connection; what the server had sent before it heard of that is still read.</summary>
    public async Task LeaveAsync()
    {
        _leaving = true;
        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
            await _reading.WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            _socket.Abort();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _leaving = true;
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task SendAsync(byte[] record, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(record, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var reason = "The server closed the connection.";
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                var arrivedAt = Stopwatch.GetTimestamp();
                _filled += result.Count;
                TakeRecords(arrivedAt);
            }
        }
        catch (Exception e)
        {
            // Whatever it is, this connection is over, and the reason is in the results.
            reason = e.Message;
            _shaken.TrySetException(e);
        }

        End(reason);
    }

    private void TakeRecords(long arrivedAt)
    {
        var taken = 0;
        while (_buffer.AsSpan(taken, _filled - taken).IndexOf(RecordSeparator) is var length and >= 0)
        {
            Take(_buffer.AsSpan(taken, length), arrivedAt);
            taken += length + 1;
        }

        _buffer.AsSpan(taken, _filled - taken).CopyTo(_buffer);
        _filled -= taken;
        if (_filled == _buffer.Length)
        {
            if (_filled >= MaxBuffer)
            {
                throw new InvalidDataException($"The server sent a message of more than {MaxBuffer} bytes.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private void Take(ReadOnlySpan<byte> record, long arrivedAt)
    {
        switch (SignalRJson.TypeOf(record))
        {
            case MessageType.Call:
                _hear(record, arrivedAt);
                break;
            case MessageType.Completion:
                var (id, reply) = SignalRJson.ReadReply(record, arrivedAt);
                lock (_calls)
                {
                    if (_calls.Remove(id, out var call))
                    {
                        call.TrySetResult(reply);
                    }
                }

                break;
            case MessageType.Ping:
                break;
            case MessageType.Close:
                throw new InvalidDataException($"The server closed the connection: {SignalRJson.ReadError(record)}");
            case MessageType.Handshake when SignalRJson.ReadError(record) is { } error:
                throw new InvalidDataException($"The server refused the handshake: {error}");
            case MessageType.Handshake:
                _shaken.TrySetResult();
                break;
            default:
                throw new InvalidDataException($"Not a message of SignalR's JSON protocol: {System.Text.Encoding.UTF8.GetString(record[..Math.Min(record.Length, 100)])}");
        }
    }

    private void End(string reason)
    {
        _shaken.TrySetException(new IOException(reason));
        List<TaskCompletionSource<Reply>> unanswered;
        lock (_calls)
        {
            Lost = _leaving ? null : reason;
            unanswered = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in unanswered)
        {
            call.TrySetException(new IOException(reason));
        }
    }
}
