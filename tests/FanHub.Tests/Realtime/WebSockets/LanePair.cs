using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Realtime.WebSockets;
using FanHub.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>A lane on a real socket with small buffers, and the client at the other end.</summary>
internal sealed class LanePair : IDisposable
{
    private readonly Socket _server;
    private int _broken;

    private LanePair(Socket server, Socket client, int maxWaiting)
    {
        _server = server;
        Client = RawWebSocket.Over(client);
        Lane = new SocketLane(server, maxWaiting, () => Interlocked.Increment(ref _broken));
    }

    public SocketLane Lane { get; }

    public RawWebSocket Client { get; }

    /// <summary>How often the lane has said that nothing can be sent any more.</summary>
    public int Broken => Volatile.Read(ref _broken);

    public static async Task<LanePair> OpenAsync(int maxWaiting = 64 * 1024 * 1024)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 8 * 1024 };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
        var accepting = listener.AcceptAsync();
        await client.ConnectAsync(listener.LocalEndPoint!);
        var server = await accepting;
        server.NoDelay = true;
        server.Blocking = false;
        return new LanePair(server, client, maxWaiting);
    }

    /// <summary>Cancelled when the fan-out has closed its connection.</summary>
    public CancellationToken Aborted { get; private set; }

    /// <summary>A connection of the fan-out whose way out is the lane.</summary>
    public FanConnection Fan(FanoutOptions? options = null, TimeProvider? time = null)
    {
        var connection = new DefaultConnectionContext("c") { Transport = new Duplex(new Pipe().Reader, new Pipe().Writer) };
        connection.Features.Set<IFrameLane>(Lane);
        var context = new HubConnectionContext(connection, new HubConnectionContextOptions(), NullLoggerFactory.Instance);
        Aborted = context.ConnectionAborted;
        return new FanConnection(
            context,
            options ?? new FanoutOptions { MaxWaitingBytes = 64 * 1024 * 1024, MaxWaitingFrames = 65_536 },
            time ?? TimeProvider.System);
    }

    /// <summary>A frame of the fan-out with a text in it.</summary>
    public static Frame Frame(string text, DeliveryClass deliveryClass = DeliveryClass.Logged, string? conflationKey = null) =>
        FanHub.Realtime.Fanout.Frame.Update(System.Text.Encoding.UTF8.GetBytes($"\"{text}\""), deliveryClass, conflationKey);

    /// <summary>A text message, ready.</summary>
    public static byte[] Own(string text) => FrameFormat.Make(FrameKind.Text, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes frames of the fan-out until the lane takes no more, and the kernel neither.</summary>
    /// <returns>How many it took, the last one included.</returns>
    public async Task<int> BlockAsync()
    {
        for (var taken = 1; ; taken++)
        {
            // Kernels are in no hurry to say how much they take.
            if (!Lane.Write(Frame($"before {taken} {new string('x', 5_000)}")) && !await Lane.FlushedAsync(TimeSpan.FromMilliseconds(200)))
            {
                return taken;
            }
        }
    }

    /// <summary>Reads the frames that <see cref="BlockAsync"/> wrote.</summary>
    public async Task ReadBlockAsync(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            (await ReadAsync()).ShouldNotBeNull().ShouldContain($"before {i} ");
        }
    }

    /// <summary>Reads a frame; null at the end.</summary>
    public async Task<string?> ReadAsync() => await Client.ReadFrameAsync() is { } frame
        ? frame.Kind == RawWebSocket.Close ? $"close {frame.Code}" : System.Text.Encoding.UTF8.GetString(frame.Payload)
        : null;

    /// <summary>Ends the server's socket, in order.</summary>
    public void EndServer()
    {
        // Who closes a socket waits until nobody has its descriptor.
        Lane.LetGo();
        _server.Shutdown(SocketShutdown.Both);
        _server.Dispose();
    }

    public void Dispose()
    {
        Client.Socket.Dispose();
        Lane.End();
        _server.Dispose();
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
