using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>A client whose connection is a pair of pipes in memory, as a lifetime manager sees it once the handshake is done.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient;
    private readonly DefaultConnectionContext _transport;

    /// <param name="user">The user's identifier.</param>
    /// <param name="protocol">JSON by default.</param>
    /// <param name="capacity">Bytes that the client takes without reading.</param>
    /// <param name="broken">Whether everything that is written to it fails.</param>
    public HubClient(string? user = null, IHubProtocol? protocol = null, long capacity = 65_536, bool broken = false)
    {
        _toClient = new Pipe(new PipeOptions(pauseWriterThreshold: capacity, resumeWriterThreshold: capacity / 2, useSynchronizationContext: false));
        var id = $"c{Guid.NewGuid():N}"[..22];
        _transport = new DefaultConnectionContext(id, new Duplex(_toServer.Reader, _toClient.Writer), new Duplex(_toClient.Reader, _toServer.Writer));
        var options = new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromMinutes(10) };
        Connection = broken ? new BrokenConnection(_transport, options) : new HubConnectionContext(_transport, options, NullLoggerFactory.Instance);
        Connection.UserIdentifier = user;
        Connection.Protocol = protocol ?? new JsonHubProtocol();
    }

    public HubConnectionContext Connection { get; }

    public string Id => Connection.ConnectionId;

    /// <summary>The next message from the server.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var read = await _toClient.Reader.ReadAsync(limit.Token);
            if (read.Buffer.PositionOf((byte)0x1e) is { } end)
            {
                var message = JsonSerializer.Deserialize<JsonElement>(read.Buffer.Slice(0, end).ToArray());
                _toClient.Reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return message;
            }

            if (read.IsCompleted)
            {
                throw new IOException("The connection was closed.");
            }

            _toClient.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads a call without a reply, and checks it.</summary>
    public async Task ExpectAsync(string target, object? argument = null)
    {
        var message = await ReadAsync();
        message.GetProperty("target").GetString().ShouldBe(target);
        message.GetProperty("arguments")[0].ToString().ShouldBe((argument ?? "World").ToString());
        message.TryGetProperty("invocationId", out _).ShouldBeFalse();
    }

    /// <summary>Reads a call that awaits a result.</summary>
    /// <returns>The invocation id.</returns>
    public async Task<string> ExpectInvocationAsync(string target)
    {
        var message = await ReadAsync();
        message.GetProperty("target").GetString().ShouldBe(target);
        return message.GetProperty("invocationId").GetString()!;
    }

    public ValueTask DisposeAsync()
    {
        Connection.Abort();
        _toClient.Reader.Complete();
        _toServer.Writer.Complete();
        return ValueTask.CompletedTask;
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class BrokenConnection(ConnectionContext transport, HubConnectionContextOptions options) : HubConnectionContext(transport, options, NullLoggerFactory.Instance)
    {
        public override ValueTask WriteAsync(HubMessage message, CancellationToken cancellationToken = default) => throw new InvalidOperationException("Broken, for a test.");

        public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new InvalidOperationException("Broken, for a test."));
    }
}

internal static class TestLimits
{
    public static Task Within(this Task task) => task.WaitAsync(HubClient.Limit);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(HubClient.Limit);
}
