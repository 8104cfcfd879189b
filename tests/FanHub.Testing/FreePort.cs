using System.Net;
using System.Net.Sockets;

namespace FanHub.Testing;

/// <summary>Ports for servers that tests start.</summary>
public static class FreePort
{
    // Below the range that the kernel takes ports of outgoing connections from: a client that retries a dead server's port there can connect to itself, and the server can then never come back.
    private const int First = 20000;
    private const int Last = 32000;

    private const int Attempts = 10;

    /// <summary>Starts a server on a free port, and on another one where somebody was faster.</summary>
    /// <param name="start">Starts it on the port given.</param>
    /// <exception cref="PortTakenException">Somebody was faster every time.</exception>
    public static async Task TryAsync(Func<int, Task> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await start(Find());
                return;
            }
            catch (PortTakenException) when (attempt < Attempts)
            {
                // Another port.
            }
        }
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on right now. Somebody may be faster: whoever starts a server on it tries another one then.</summary>
    public static int Find()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {Last}.");
    }
}

/// <summary>Somebody else listens on the port.</summary>
public sealed class PortTakenException(int port) : Exception($"Port {port} is taken.");
